package io.firn.access;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * The text of an {@code .access_log}: a line for each file of its directory, {@code <time in ms> <count> <crc> <name>}
 * and a line feed, the CRC-32C being that of the rest of the line. A line that is not so, or damaged, says nothing.
 *
 * @see <a href="../../../../../../../docs/lifecycle.md">docs/lifecycle.md</a>
 */
final class AccessLogFormat {
    /** Name of the log in every directory that holds segments of one partition. */
    static final String FILE = ".access_log";

    private static final Pattern LINE = Pattern.compile("(\\d{1,18}) (\\d{1,18}) ([0-9a-f]{8}) (\\S+)");

    private AccessLogFormat() {}

    /** Reads what can be read; of two lines for one file the later time counts. */
    static Map<String, Access> decode(byte[] bytes) {
        Map<String, Access> found = new TreeMap<>();
        for (String line : new String(bytes, StandardCharsets.UTF_8).split("\n", -1)) {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches()) {
                decode(matcher)
                        .ifPresent(access -> found.merge(
                                matcher.group(4),
                                access,
                                (one, other) -> one.lastMs() >= other.lastMs() ? one : other));
            }
        }
        return found;
    }

    private static Optional<Access> decode(Matcher line) {
        Access access = new Access(Long.parseLong(line.group(1)), Long.parseLong(line.group(2)));
        return line.group(3).equals(checksum(access, line.group(4))) ? Optional.of(access) : Optional.empty();
    }

    static byte[] encode(Map<String, Access> accesses) {
        StringBuilder text = new StringBuilder();
        accesses.forEach((name, access) -> text.append(access.lastMs())
                .append(' ')
                .append(access.count())
                .append(' ')
                .append(checksum(access, name))
                .append(' ')
                .append(name)
                .append('\n'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String checksum(Access access, String name) {
        CRC32C crc = new CRC32C();
        crc.update((access.lastMs() + " " + access.count() + " " + name).getBytes(StandardCharsets.UTF_8));
        return String.format("%08x", crc.getValue());
    }
}
