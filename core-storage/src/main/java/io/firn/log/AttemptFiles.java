package io.firn.log;

import io.firn.error.NotFoundException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
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
                        retired ? state.takenOver(state.segments()) : state,
                        retired);
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
