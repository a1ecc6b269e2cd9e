package io.firn.log;

import io.firn.error.NotFoundException;
import io.firn.error.StorageIoException;
import io.firn.error.WriterFencedException;
import io.firn.fs.FileStore;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Who owns a two-phase sink: of several jobs with one sink id the one that came last.
 *
 * <p>A claim is a directory with a number that is renamed into place once with its content; the highest number owns the
 * sink. An owner claims once: it never takes the sink back from a later one. Thread-safe; no state.
 */
public final class SinkClaims {
    private static final Pattern NUMBER = Pattern.compile("\\d{20}");
    private static final String FILE = "claim";
    /** More jobs than this never share a sink's history: older claims are forgotten. */
    private static final int KEPT_CLAIMS = 256;

    private final TableLayout layout;
    private final InstantSource clock;
    private final String sinkId;
    private final Path directory;

    /** Creates the claims of one sink; no I/O. */
    public SinkClaims(TableLayout layout, InstantSource clock, String sinkId) {
        this.layout = layout;
        this.clock = clock;
        this.sinkId = sinkId;
        this.directory = layout.sinks().resolve(LaneName.encode(sinkId));
    }

    /**
     * One claim.
     *
     * @param owner id of the job, the same in all its processes
     * @param description the job for people
     */
    public record Claim(String owner, String description) {}

    /**
     * Makes this owner's claim, or finds it made; on return it is durable.
     *
     * @return its number
     * @throws WriterFencedException when a later owner has claimed the sink since
     */
    public long claim(Claim mine) {
        while (true) {
            List<Long> numbers = numbers();
            OptionalLong known = find(numbers, mine.owner());
            if (known.isPresent()) {
                layout.store().forceDirectory(directory);
                require(known.getAsLong(), mine);
                return known.getAsLong();
            }
            long next = numbers.isEmpty() ? 1 : numbers.get(numbers.size() - 1) + 1;
            if (make(next, mine)) {
                forgetOldest(numbers);
                return next;
            }
        }
    }

    /**
     * Fails when a claim is not the latest any more.
     *
     * @param number what {@link #claim} returned
     * @throws WriterFencedException naming both owners
     */
    public void require(long number, Claim mine) {
        List<Long> numbers = numbers();
        long latest = numbers.isEmpty() ? 0 : numbers.get(numbers.size() - 1);
        if (latest > number) {
            String later = read(latest).map(Claim::description).orElse("another job");
            throw new WriterFencedException("Sink '" + sinkId + "' of " + layout.root() + " belongs to " + later
                    + ", which claimed it after " + mine.description()
                    + ". Two jobs with one sink id exclude each other: stop one of them, or give it another sink id.");
        }
    }

    private List<Long> numbers() {
        try {
            return layout.store().list(directory).stream()
                    .filter(name -> NUMBER.matcher(name).matches())
                    .map(Long::parseLong)
                    .sorted()
                    .toList();
        } catch (NotFoundException noClaimYet) {
            return List.of();
        }
    }

    private OptionalLong find(List<Long> numbers, String owner) {
        for (int i = numbers.size() - 1; i >= 0; i--) {
            if (read(numbers.get(i))
                    .filter(claim -> claim.owner().equals(owner))
                    .isPresent()) {
                return OptionalLong.of(numbers.get(i));
            }
        }
        return OptionalLong.empty();
    }

    /** Reads a claim; empty when somebody is just forgetting it, or died while he did. */
    private Optional<Claim> read(long number) {
        Path file = claimDirectory(number).resolve(FILE);
        try {
            LogContent content = SingleFrameFile.read(layout, file, LogKind.CLAIM, number);
            PayloadReader in = new PayloadReader(content.base(), file);
            return Optional.of(new Claim(in.string(), in.string()));
        } catch (NotFoundException forgotten) {
            return Optional.empty();
        }
    }

    private boolean make(long number, Claim mine) {
        FileStore store = layout.store();
        Path made = directory.resolve("claim-" + UUID.randomUUID() + ".tmp");
        layout.createDirectories(List.of(made));
        byte[] payload = new PayloadWriter()
                .string(mine.owner())
                .string(mine.description())
                .toBytes();
        SingleFrameFile.publish(layout, made.resolve(FILE), LogKind.CLAIM, number, payload, clock);
        try {
            // A directory cannot be renamed onto one that holds a file: exactly one process succeeds.
            store.rename(made, claimDirectory(number));
        } catch (StorageIoException lostTheRace) {
            remove(made);
            if (numbers().contains(number)) {
                return false;
            }
            throw lostTheRace;
        }
        store.forceDirectory(directory);
        return true;
    }

    private void forgetOldest(List<Long> numbers) {
        for (int i = 0; i < numbers.size() + 1 - KEPT_CLAIMS; i++) {
            remove(claimDirectory(numbers.get(i)));
        }
    }

    private void remove(Path claim) {
        layout.store().delete(claim.resolve(FILE));
        layout.store().delete(claim);
    }

    private Path claimDirectory(long number) {
        return directory.resolve(String.format("%020d", number));
    }
}
