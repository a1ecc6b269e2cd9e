package io.firn.log;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file name of a writer's segment: {@code <lane>.<base sequence>.e<epoch>.q}.
 *
 * @param lane directory name of the lane
 * @param baseSequence sequence of the first record
 * @param epoch the owner that made it; 0 for a writer attempt, whose lane has one owner only
 */
public record LaneSegmentName(String lane, long baseSequence, long epoch) {
    private static final Pattern NAME =
            Pattern.compile("([^.]+~[0-9a-f]{8})\\.(" + LogFormat.NUMBER + ")\\.e(\\d{1,18})\\.q");

    /** Reads a file name; empty when it is not that of a writer's segment. */
    public static Optional<LaneSegmentName> parse(String fileName) {
        Matcher matcher = NAME.matcher(fileName);
        return matcher.matches()
                ? Optional.of(new LaneSegmentName(
                        matcher.group(1), Long.parseLong(matcher.group(2)), Long.parseLong(matcher.group(3))))
                : Optional.empty();
    }

    /** The file name. */
    public String fileName() {
        return String.format("%s.%020d.e%d.q", lane, baseSequence, epoch);
    }
}
