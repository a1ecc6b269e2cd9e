package io.firn.log;

import io.firn.error.CorruptDataException;
import io.firn.error.NotFoundException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/**
 * The files of the lane of a writer attempt: {@code attempt} when it begins, {@code <k>.commit} for its commits (the
 * highest counts), {@code <k>.retired} at its end, {@code <n>.withdrawn} when its job went back to an older checkpoint.
 * Each is written elsewhere, forced and renamed into place.
 *
 * <p>Thread-safe; no state.
 */
final class AttemptFiles {
    static final String BEGUN = "attempt";

    private static final Pattern NUMBERED = Pattern.compile("(" + LogFormat.NUMBER + ")\\.(commit|retired|withdrawn)");
    private static final String COMMIT = "commit";
    private static final String RETIRED = "retired";
    private static final String WITHDRAWN = "withdrawn";

    private final TableLayout layout;
    private final String lane;
    private final Path directory;

    AttemptFiles(TableLayout layout, String lane) {
        this.layout = layout;
        this.lane = lane;
        this.directory = layout.lane(lane);
    }

    /** Also of one whose first file is lost: what is committed stands in the others. */
    static boolean isAttempt(List<String> names) {
        return names.contains(BEGUN) || lastCommit(names) > 0 || isWithdrawn(names);
    }

    List<String> names() {
        return layout.store().list(directory);
    }

    /** Whether an attempt ever began in this lane; one of another writer's may have its name. */
    boolean hasBegun() {
        return layout.store().isDirectory(directory) && isAttempt(names());
    }

    static long lastCommit(List<String> names) {
        return highest(names, COMMIT);
    }

    static long lastRetired(List<String> names) {
        return highest(names, RETIRED);
    }

    /** Whether it has ended, in whichever way. */
    static boolean isRetired(List<String> names) {
        return isWithdrawn(names) || names.stream().anyMatch(name -> name.endsWith("." + RETIRED));
    }

    static boolean isWithdrawn(List<String> names) {
        return lowestWithdrawn(names).isPresent();
    }

    private static OptionalLong lowestWithdrawn(List<String> names) {
        return numbers(names, WITHDRAWN).min();
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

    /** From now on what is committed stands in this file: a commit that comes too late is not looked at. */
    void publishWithdrawn(Withdrawal withdrawal, LaneSnapshot last, InstantSource clock) {
        long number = withdrawal.number();
        publish(fileName(number, WITHDRAWN), Math.max(1, number), last.identity(), last.state(), clock);
    }

    /** What of the lane was taken back; empty when it is all there. */
    Optional<Withdrawal> withdrawal() {
        OptionalLong number = lowestWithdrawn(names());
        return number.isPresent() ? Optional.of(Withdrawal.ofNumber(lane, number.getAsLong())) : Optional.empty();
    }

    /** Makes names durable that another process may have renamed and not forced yet. */
    void force() {
        layout.store().forceDirectory(directory);
    }

    /**
     * Reads what is committed: durable, and never taken back.
     *
     * @throws NotFoundException when there is neither a commit nor the file with which an attempt begins
     */
    LaneSnapshot read() {
        while (true) {
            List<String> names = names();
            String file = latestOf(names);
            try {
                LogContent content = readFile(file, numberIn(file));
                force();
                LaneState state = LaneCodec.decode(content);
                boolean retired = isRetired(names);
                return new LaneSnapshot(
                        lane,
                        LaneCodec.identity(content),
                        LaneSnapshot.EPOCH_OF_ATTEMPTS,
                        positionOf(names),
                        retired ? state.takenOver(state.segments()) : state,
                        retired);
            } catch (NotFoundException replaced) {
                List<String> now = names();
                if (now.contains(file) || now.equals(names)) {
                    throw replaced; // nobody did: it is gone, or the lane is no attempt's
                }
            }
        }
    }

    private static String latestOf(List<String> names) {
        OptionalLong withdrawn = lowestWithdrawn(names);
        if (withdrawn.isPresent()) {
            return fileName(withdrawn.getAsLong(), WITHDRAWN);
        }
        long number = lastCommit(names);
        return number > 0 ? fileName(number, COMMIT) : BEGUN;
    }

    private static long numberIn(String name) {
        Matcher matcher = NUMBERED.matcher(name);
        return matcher.matches() ? Math.max(1, Long.parseLong(matcher.group(1))) : 1;
    }

    /**
     * Reads every file of the lane, also those that a later one made unimportant.
     *
     * @throws CorruptDataException when one is damaged, or the one with which an attempt begins is missing
     */
    void checkAll() {
        List<String> names = names();
        if (!names.contains(BEGUN)) {
            throw new CorruptDataException(
                    directory.resolve(BEGUN), 0, "expected the file with which a writer attempt begins, found none");
        }
        readFile(BEGUN, 1);
        for (String name : names) {
            if (NUMBERED.matcher(name).matches()) {
                checkNumbered(name);
            }
        }
    }

    private void checkNumbered(String name) {
        try {
            readFile(name, numberIn(name));
        } catch (NotFoundException replaced) {
            if (names().contains(name)) {
                throw replaced; // else a later commit has deleted it
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

    /** Files that somebody died over while he wrote them; nobody writes to the lane any more. */
    void deleteTemporaries() {
        for (String name : names()) {
            if (name.endsWith(SingleFrameFile.TEMPORARY)) {
                layout.store().delete(directory.resolve(name));
            }
        }
    }

    private static LogPosition positionOf(List<String> names) {
        int ended = isRetired(names) ? 1 : 0;
        return new LogPosition(lastCommit(names), isWithdrawn(names) ? 2 : ended);
    }

    private LogContent readFile(String name, long number) {
        return SingleFrameFile.read(layout, directory.resolve(name), LogKind.ATTEMPT, number);
    }

    private void publish(String name, long number, LaneIdentity identity, LaneState state, InstantSource clock) {
        byte[] base = LaneCodec.encodeBase(state, identity, LogOwner.ofThisProcess());
        SingleFrameFile.publish(layout, directory.resolve(name), LogKind.ATTEMPT, number, base, clock);
    }

    private static String fileName(long number, String kind) {
        return String.format("%020d.%s", number, kind);
    }

    private static long highest(List<String> names, String kind) {
        return numbers(names, kind).max().orElse(0);
    }

    private static LongStream numbers(List<String> names, String kind) {
        return names.stream()
                .map(NUMBERED::matcher)
                .filter(matcher -> matcher.matches() && matcher.group(2).equals(kind))
                .mapToLong(matcher -> Long.parseLong(matcher.group(1)));
    }
}
