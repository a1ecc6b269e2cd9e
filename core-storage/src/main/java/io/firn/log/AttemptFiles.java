package io.firn.log;

import io.firn.error.CorruptDataException;
import io.firn.error.NotFoundException;
import io.firn.fs.FileStore;
import io.firn.fs.StoreFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files of the lane of a writer attempt: {@code attempt} when it begins, {@code <k>.commit} for its commits (the
 * highest counts), {@code <k>.retired} at its end. Each is written elsewhere, forced and renamed into place.
 *
 * <p>Thread-safe; no state.
 */
final class AttemptFiles {
    static final String BEGUN = "attempt";

    private static final Pattern NUMBERED = Pattern.compile("(\\d{20})\\.(commit|retired)");
    private static final String COMMIT = "commit";
    private static final String RETIRED = "retired";

    private final TableLayout layout;
    private final String lane;
    private final Path directory;

    AttemptFiles(TableLayout layout, String lane) {
        this.layout = layout;
        this.lane = lane;
        this.directory = layout.lane(lane);
    }

    static boolean isAttempt(List<String> names) {
        return names.contains(BEGUN);
    }

    List<String> names() {
        return layout.store().list(directory);
    }

    static long lastCommit(List<String> names) {
        return highest(names, COMMIT);
    }

    static long lastRetired(List<String> names) {
        return highest(names, RETIRED);
    }

    static boolean isRetired(List<String> names) {
        return names.stream().anyMatch(name -> name.endsWith("." + RETIRED));
    }

    /** Begins the lane; its name has never been used. */
    void begin(LaneIdentity identity, InstantSource clock) {
        layout.createDirectories(List.of(directory));
        publish(BEGUN, 1, identity, LaneState.EMPTY, clock);
    }

    void publishCommit(PendingCommit commit, InstantSource clock) {
        publish(fileName(commit.number(), COMMIT), commit.number(), commit.identity(), commit.state(), clock);
    }

    void publishRetired(long number, LaneSnapshot last, InstantSource clock) {
        publish(fileName(number, RETIRED), Math.max(1, number), last.identity(), last.state(), clock);
    }

    /** Makes names durable that another process may have renamed and not forced yet. */
    void force() {
        layout.store().forceDirectory(directory);
    }

    /** Reads what is committed: durable, and never taken back. */
    LaneSnapshot read() {
        while (true) {
            List<String> names = names();
            long number = lastCommit(names);
            String file = number > 0 ? fileName(number, COMMIT) : BEGUN;
            try {
                LogContent content = readFile(file, Math.max(1, number));
                force();
                LaneState state = LaneCodec.decode(content);
                boolean retired = isRetired(names);
                return new LaneSnapshot(
                        lane,
                        LaneCodec.identity(content),
                        positionOf(names),
                        retired ? state.takenOver(state.segments()) : state);
            } catch (NotFoundException replaced) {
                if (names().contains(file)) {
                    throw replaced;
                }
            }
        }
    }

    /** Reads every file of the lane, also those that a later one made unimportant. */
    void checkAll() {
        readFile(BEGUN, 1);
        for (String name : names()) {
            Matcher matcher = NUMBERED.matcher(name);
            if (matcher.matches()) {
                readFile(name, Math.max(1, Long.parseLong(matcher.group(1))));
            }
        }
    }

    LogPosition position() {
        return positionOf(names());
    }

    /** A commit replaces the ones before it: they may go once it is durable. */
    void deleteCommitsBelow(long number) {
        for (String name : names()) {
            Matcher matcher = NUMBERED.matcher(name);
            if (matcher.matches() && matcher.group(2).equals(COMMIT) && Long.parseLong(matcher.group(1)) < number) {
                layout.store().delete(directory.resolve(name));
            }
        }
    }

    private static LogPosition positionOf(List<String> names) {
        return new LogPosition(lastCommit(names), isRetired(names) ? 1 : 0);
    }

    private LogContent readFile(String name, long number) {
        Path path = directory.resolve(name);
        ByteBuffer bytes;
        try (StoreFile file = layout.store().openRead(path)) {
            bytes = ByteBuffer.allocate(Math.toIntExact(file.sizeBytes())).order(ByteOrder.LITTLE_ENDIAN);
            file.read(bytes, 0);
        }
        bytes.flip();
        if (!LogHeader.isComplete(bytes)) {
            throw new CorruptDataException(path, 0, "expected a complete header, found a damaged one");
        }
        LogHeader header = LogHeader.read(bytes, path);
        header.check(path, LogKind.ATTEMPT, layout.tableId(), number);
        List<LogEntry> frames = LogFrames.readAll(bytes, LogFormat.HEADER_BYTES, header.salt(), path);
        if (frames.size() != 1) {
            throw new CorruptDataException(
                    path, LogFormat.HEADER_BYTES, "expected one frame, found " + frames.size() + " valid ones");
        }
        return new LogContent(path, number, frames.get(0), List.of(), LogFrames.endOf(frames.get(0)));
    }

    private void publish(String name, long number, LaneIdentity identity, LaneState state, InstantSource clock) {
        FileStore store = layout.store();
        byte[] base = LaneCodec.encodeBase(state, identity, LogOwner.ofThisProcess());
        ByteBuffer bytes = ByteBuffer.allocate(LogFormat.HEADER_BYTES + LogFrames.sizeOf(base))
                .order(ByteOrder.LITTLE_ENDIAN);
        int salt = (int) (layout.tableId().getLeastSignificantBits() + number);
        new LogHeader(LogKind.ATTEMPT.code(), number, salt, layout.tableId(), clock.millis()).write(bytes);
        LogFrames.write(bytes, salt, LogFormat.TYPE_BASE, base);
        Path temporary = directory.resolve(name + "." + UUID.randomUUID() + ".tmp");
        try (StoreFile file = store.createExclusively(temporary).orElseThrow()) {
            file.write(bytes.flip(), 0);
            file.force();
        }
        store.rename(temporary, directory.resolve(name));
        store.forceDirectory(directory);
    }

    private static String fileName(long number, String kind) {
        return String.format("%020d.%s", number, kind);
    }

    private static long highest(List<String> names, String kind) {
        long highest = 0;
        for (String name : names) {
            Matcher matcher = NUMBERED.matcher(name);
            if (matcher.matches() && matcher.group(2).equals(kind)) {
                highest = Math.max(highest, Long.parseLong(matcher.group(1)));
            }
        }
        return highest;
    }
}
