package io.firn.log;

import io.firn.error.CorruptDataException;
import io.firn.error.NotFoundException;
import io.firn.fs.FileStore;
import io.firn.fs.StoreFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * The log files of one lane or of the catalog: {@code <epoch>.log}, of which the highest one with a base is the
 * authority.
 *
 * <p>Thread-safe; holds no open file.
 */
final class LogDirectory {
    /** A reader that is overtaken by new epochs this often gives up; each round needs another opened owner. */
    private static final int MAX_OVERTAKEN = 1_000;

    private final FileStore store;
    private final Path path;
    private final LogKind kind;
    private final UUID tableId;
    private final AbandonedEpochs abandoned;

    LogDirectory(FileStore store, Path path, LogKind kind, UUID tableId, AbandonedEpochs abandoned) {
        this.store = store;
        this.path = path;
        this.kind = kind;
        this.tableId = tableId;
        this.abandoned = abandoned;
    }

    FileStore store() {
        return store;
    }

    Path path() {
        return path;
    }

    LogKind kind() {
        return kind;
    }

    UUID tableId() {
        return tableId;
    }

    Path fileOf(long epoch) {
        return path.resolve(LogFormat.fileName(epoch));
    }

    /** Says that the owner of an epoch will not write its base. */
    void abandon(long epoch) {
        abandoned.add(fileOf(epoch));
    }

    /**
     * Deletes the file of an epoch.
     *
     * @return false when there is none
     */
    boolean delete(long epoch) {
        abandoned.remove(fileOf(epoch)); // before another owner can take the number
        return store.delete(fileOf(epoch));
    }

    /** Whether an owner of this process has said so. */
    boolean isAbandoned(long epoch) {
        return abandoned.contains(fileOf(epoch));
    }

    /** Epochs that have a file, highest first. */
    List<Long> epochs() {
        List<Long> epochs = new ArrayList<>();
        for (String name : store.list(path)) {
            long epoch = LogFormat.epochOf(name);
            if (epoch > 0) {
                epochs.add(epoch);
            }
        }
        epochs.sort(Comparator.reverseOrder());
        return epochs;
    }

    /** The highest epoch that has a file, 0 when there is none. */
    long highestEpoch() {
        List<Long> epochs = epochs();
        return epochs.isEmpty() ? 0 : epochs.get(0);
    }

    /** What an owner published; what is read of its log afterwards reaches as far at least. */
    Optional<PositionPage> published() {
        return PositionPage.read(store, path);
    }

    /**
     * Reads what another process may be writing, and returns only what can never be taken back (rule 1): list, read
     * the highest epoch, force it, list again. What its owner published is durable and not forced once more; the name
     * of a log without a base is forced, too.
     */
    TrustedRead readTrusted() {
        Optional<PositionPage> published = published();
        LogPosition durable = published.map(PositionPage::durable).orElse(LogPosition.NONE);
        for (int round = 0; round < MAX_OVERTAKEN; round++) {
            long epoch = highestEpoch();
            if (epoch == 0) {
                return new TrustedRead(0, Optional.empty(), false, published);
            }
            Optional<LogContent> content = readDurable(epoch, durable);
            boolean undecided = content.isEmpty() && hadBase(epoch);
            if (highestEpoch() == epoch) {
                return new TrustedRead(epoch, content, undecided, published);
            }
        }
        throw new CorruptDataException(
                path,
                0,
                "the log got " + MAX_OVERTAKEN + " new epochs while it was read: its owners are opening it in a loop");
    }

    /** Whether an owner before this epoch may have committed anything. */
    private boolean hadBase(long epoch) {
        List<Long> below = epochs().stream().filter(other -> other < epoch).toList();
        boolean firstIsThere = epoch == 1 || below.contains(1L);
        return !firstIsThere || below.stream().anyMatch(this::hadBaseItself);
    }

    /** One that was listed and is gone has been deleted, which is done only when a higher base is durable. */
    private boolean hadBaseItself(long epoch) {
        return read(epoch).isPresent() || !store.exists(fileOf(epoch));
    }

    /** Whether the log ends where it ended at an earlier read; looks at names and size only. */
    boolean isAt(LogPosition position) {
        long highest = highestEpoch();
        return highest == position.epoch() && sizeOf(highest).equals(OptionalLong.of(position.lengthBytes()));
    }

    /** Where the log ends, whatever stands there: nowhere while it is being replaced. Looks at names and size only. */
    Optional<LogPosition> end() {
        long highest = highestEpoch();
        OptionalLong size = sizeOf(highest);
        return size.isPresent() ? Optional.of(new LogPosition(highest, size.getAsLong())) : Optional.empty();
    }

    private OptionalLong sizeOf(long epoch) {
        try {
            return OptionalLong.of(epoch == 0 ? 0 : store.info(fileOf(epoch)).sizeBytes());
        } catch (NotFoundException replaced) {
            return OptionalLong.empty();
        }
    }

    /**
     * The highest log below an epoch that has a valid base: what a new owner starts from (rule 3).
     *
     * @throws CorruptDataException when logs exist that had a base once, and none is readable
     */
    Optional<LogContent> predecessorOf(long epoch) {
        List<Long> below = epochs().stream().filter(other -> other < epoch).toList();
        for (long candidate : below) {
            Optional<LogContent> content = read(candidate);
            if (content.isPresent()) {
                return content;
            }
        }
        // Older logs are deleted only after a higher base is durable: if the first one is gone, a base existed.
        if (epoch > 1 && !below.contains(1L)) {
            throw new CorruptDataException(
                    fileOf(epoch),
                    0,
                    "no log below epoch " + epoch + " has a readable base, but one existed; found " + below);
        }
        return Optional.empty();
    }

    /** Reads one log as far as it is valid; empty when it has no valid base (or is gone). */
    Optional<LogContent> read(long epoch) {
        Path file = fileOf(epoch);
        try (StoreFile log = store.openRead(file)) {
            return parse(epoch, file, readAll(log));
        } catch (NotFoundException deleted) {
            return Optional.empty();
        }
    }

    /**
     * Reads a log that may be damaged as far as it is valid, whatever stands behind that and in its header.
     *
     * @throws CorruptDataException when something else than a base stands where the base should
     */
    Optional<LogContent> readValidPart(long epoch) {
        Path file = fileOf(epoch);
        try (StoreFile log = store.openRead(file)) {
            ByteBuffer bytes = readAll(log);
            if (bytes.limit() < LogFormat.HEADER_BYTES) {
                return Optional.empty();
            }
            int salt = EpochLog.saltOf(this, epoch);
            return content(epoch, file, LogFrames.readValidPart(bytes, LogFormat.HEADER_BYTES, salt, file));
        } catch (NotFoundException deleted) {
            return Optional.empty();
        }
    }

    private Optional<LogContent> readDurable(long epoch, LogPosition durable) {
        Path file = fileOf(epoch);
        try (StoreFile log = store.openRead(file)) {
            Optional<LogContent> content = parse(epoch, file, readAll(log));
            if (content.isPresent() && content.get().position().isWithin(durable)) {
                return content;
            }
            log.force();
            if (content.isEmpty()) {
                store.forceDirectory(path); // else the owner has done it: before it wrote its base
            }
            return content;
        } catch (NotFoundException deleted) {
            return Optional.empty();
        }
    }

    private Optional<LogContent> parse(long epoch, Path file, ByteBuffer bytes) {
        if (!LogHeader.isComplete(bytes)) {
            return Optional.empty();
        }
        LogHeader header = LogHeader.read(bytes, file);
        header.check(file, kind, tableId, epoch);
        return content(epoch, file, LogFrames.readAll(bytes, LogFormat.HEADER_BYTES, header.salt(), file));
    }

    private static Optional<LogContent> content(long epoch, Path file, List<LogEntry> frames) {
        if (frames.isEmpty()) {
            return Optional.empty();
        }
        long length = LogFrames.endOf(frames.get(frames.size() - 1));
        return Optional.of(new LogContent(file, epoch, frames.get(0), frames.subList(1, frames.size()), length));
    }

    private static ByteBuffer readAll(StoreFile log) {
        int size = Math.toIntExact(log.sizeBytes());
        ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        log.read(bytes, 0);
        return bytes.flip();
    }
}
