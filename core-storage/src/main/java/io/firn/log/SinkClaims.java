package io.firn.log;

import io.firn.error.CorruptDataException;
import io.firn.error.FirnException;
import io.firn.error.NotFoundException;
import io.firn.error.StorageIoException;
import io.firn.error.WriterFencedException;
import io.firn.fs.FileStore;
import io.firn.fs.FileTree;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who owns a two-phase sink: of several jobs, or several sinks of one job, with one sink id the one that came last.
 *
 * <p>A claim is a directory with a number that is renamed into place once with its content; the highest number owns the
 * sink. An owner claims once: it never takes the sink back from a later one. Thread-safe; no state.
 */
public final class SinkClaims {
    private static final Pattern NUMBER = Pattern.compile(LogFormat.NUMBER);
    private static final String FILE = "claim";
    private static final String UNFINISHED = ".tmp";
    private static final Claim FORGOTTEN = new Claim("", "", "another job");
    private static final Logger LOG = LoggerFactory.getLogger(SinkClaims.class);
    /** More jobs than this never share a sink's history: older claims are forgotten. */
    private static final int KEPT_CLAIMS = 256;
    /** Each round that fails has another owner's success before it. */
    private static final int MAX_ROUNDS = 10_000;

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
     * @param job id of the job, the same in all its processes; without a slash
     * @param operator id of the operator that writes; empty for a part of the job that only commits
     * @param description operator and job for people
     */
    public record Claim(String job, String operator, String description) {
        private static final char SEPARATOR = '/';

        private static Claim of(String owner, String description) {
            int at = owner.indexOf(SEPARATOR);
            return at < 0
                    ? new Claim(owner, "", description)
                    : new Claim(owner.substring(0, at), owner.substring(at + 1), description);
        }

        private String owner() {
            return operator.isEmpty() ? job : job + SEPARATOR + operator;
        }

        /** Whether this one need not be made when the other one is there. */
        private boolean isMadeBy(Claim there) {
            return job.equals(there.job) && (operator.isEmpty() || operator.equals(there.operator));
        }

        /** Whether the owner may go on when the other one is the latest. */
        private boolean standsBeside(Claim latest) {
            return isMadeBy(latest) || (job.equals(latest.job) && latest.operator.isEmpty());
        }
    }

    /**
     * Makes this owner's claim, or finds it made; on return it is durable.
     *
     * @throws WriterFencedException when a later owner has claimed the sink since
     */
    public void claim(Claim mine) {
        for (int round = 0; round < MAX_ROUNDS; round++) {
            List<String> names = names();
            List<Long> numbers = numbers(names);
            if (isMade(numbers, mine)) {
                layout.store().forceDirectory(directory);
                require(mine);
                return;
            }
            long next = numbers.isEmpty() ? 1 : numbers.get(numbers.size() - 1) + 1;
            if (make(next, mine)) {
                forgetOldest(numbers);
                deleteUnfinished(names);
                return;
            }
        }
        throw new StorageIoException(
                "claim sink '" + sinkId + "' in",
                directory,
                new IOException("in " + MAX_ROUNDS + " rounds another one was always first; start the job again"));
    }

    /** Whether an owner's claim is there, also when there are later ones. */
    public boolean isMade(Claim mine) {
        return isMade(numbers(names()), mine);
    }

    /** Whether nobody has claimed the sink, or all claims of it are lost. */
    public boolean isEmpty() {
        return numbers(names()).isEmpty();
    }

    /** What is to be said when an owner's claim is gone that must have been made. */
    public CorruptDataException lost(Claim mine, String whatToDo) {
        return new CorruptDataException(
                directory,
                0,
                "expected the claim of sink '" + sinkId + "' that " + mine.description()
                        + " has made, found none: nothing says whether a later job owns the sink by now; " + whatToDo);
    }

    /**
     * Reads every claim.
     *
     * @throws CorruptDataException when one is damaged, or when there is none
     */
    public void check() {
        List<Long> numbers = numbers(names());
        if (numbers.isEmpty()) {
            throw new CorruptDataException(
                    directory,
                    0,
                    "expected the claims of sink '" + sinkId + "', which has written here, found none: put them back; a"
                            + " job that goes on without them is refused when there was another one");
        }
        numbers.forEach(this::read);
    }

    /**
     * Fails when a claim, which was made, is not the latest any more.
     *
     * @throws WriterFencedException naming both owners
     * @throws CorruptDataException when all claims are lost
     */
    public void require(Claim mine) {
        List<Long> numbers = numbers(names());
        if (numbers.isEmpty()) {
            throw lost(mine, "put the claims back, or start the job again");
        }
        Claim latest = read(numbers.get(numbers.size() - 1)).orElse(FORGOTTEN);
        if (!mine.standsBeside(latest)) {
            throw new WriterFencedException("Sink '" + sinkId + "' of " + layout.root() + " belongs to "
                    + latest.description() + ", which claimed it after " + mine.description()
                    + ". Two jobs, or two sinks of one job, with one sink id exclude each other: stop one of them, or"
                    + " give each sink an id of its own.");
        }
    }

    private List<String> names() {
        try {
            return layout.store().list(directory);
        } catch (NotFoundException noClaimYet) {
            return List.of();
        }
    }

    private static List<Long> numbers(List<String> names) {
        return names.stream()
                .filter(name -> NUMBER.matcher(name).matches())
                .map(Long::parseLong)
                .sorted()
                .toList();
    }

    private boolean isMade(List<Long> numbers, Claim mine) {
        for (int i = numbers.size() - 1; i >= 0; i--) {
            if (read(numbers.get(i)).filter(mine::isMadeBy).isPresent()) {
                return true;
            }
        }
        return false;
    }

    /** Reads a claim; empty when somebody is just forgetting it, or died while he did. */
    private Optional<Claim> read(long number) {
        Path file = claimDirectory(number).resolve(FILE);
        try {
            LogContent content = SingleFrameFile.read(layout, file, LogKind.CLAIM, number);
            PayloadReader in = new PayloadReader(content.base(), file);
            return Optional.of(Claim.of(in.string(), in.string()));
        } catch (NotFoundException forgotten) {
            return Optional.empty();
        }
    }

    /** Whether the claim got its number; not when another one has it, or has tidied up what this one was making. */
    private boolean make(long number, Claim mine) {
        FileStore store = layout.store();
        Path made = directory.resolve("claim-" + UUID.randomUUID() + UNFINISHED);
        layout.createDirectories(List.of(made));
        byte[] payload = new PayloadWriter()
                .string(mine.owner())
                .string(mine.description())
                .toBytes();
        try {
            SingleFrameFile.publish(layout, made.resolve(FILE), LogKind.CLAIM, number, payload, clock);
            // A directory cannot be renamed onto one that holds a file: exactly one process succeeds.
            store.rename(made, claimDirectory(number));
        } catch (NotFoundException tidiedUp) {
            LOG.debug("claim is made again: path={} cause={}", made, tidiedUp.toString());
            return false;
        } catch (FirnException failed) {
            deleteQuietly(made);
            if (numbers(names()).contains(number)) {
                return false;
            }
            throw failed;
        }
        store.forceDirectory(directory);
        return true;
    }

    private void forgetOldest(List<Long> numbers) {
        for (int i = 0; i < numbers.size() + 1 - KEPT_CLAIMS; i++) {
            deleteQuietly(claimDirectory(numbers.get(i)));
        }
    }

    /** What was there before: left by somebody who died, or by somebody who is still at it and will begin again. */
    private void deleteUnfinished(List<String> namesBefore) {
        namesBefore.stream()
                .filter(name -> name.endsWith(UNFINISHED))
                .forEach(name -> deleteQuietly(directory.resolve(name)));
    }

    /** Nobody counts on the names being gone. */
    private void deleteQuietly(Path claim) {
        try {
            FileTree.delete(layout.store(), claim);
        } catch (FirnException stays) {
            LOG.debug("claim stays: path={} cause={}", claim, stays.toString());
        }
    }

    private Path claimDirectory(long number) {
        return directory.resolve(String.format("%020d", number));
    }
}
