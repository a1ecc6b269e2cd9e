package io.firn.log;

import io.firn.error.ConfigException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The directory name of a lane: a readable prefix of the writer's name (percent-encoded, at most 80 bytes), {@code ~},
 * and eight hex digits of its hash. The full name stands in the lane's log.
 */
public final class LaneName {
    private static final int MAX_PREFIX_BYTES = 80;
    private static final String HEX = "0123456789ABCDEF";

    private LaneName() {}

    /**
     * The directory name for a writer's name.
     *
     * @throws ConfigException when the name is empty
     */
    public static String encode(String writer) {
        if (writer.isEmpty()) {
            throw new ConfigException("A writer's name must not be empty; use for example 'main'");
        }
        byte[] utf8 = writer.getBytes(StandardCharsets.UTF_8);
        CRC32C hash = new CRC32C();
        hash.update(utf8);
        StringBuilder name = new StringBuilder();
        for (byte octet : utf8) {
            String encoded = encode(octet & 0xFF);
            if (name.length() + encoded.length() > MAX_PREFIX_BYTES) {
                break;
            }
            name.append(encoded);
        }
        return name.append('~').append(String.format("%08x", hash.getValue())).toString();
    }

    /** The writer of a lane; empty when the name was too long to stand in its directory's name completely. */
    public static Optional<String> decode(String lane) {
        int end = lane.lastIndexOf('~');
        ByteArrayOutputStream utf8 = new ByteArrayOutputStream();
        for (int i = 0; i < end; i++) {
            if (isEscape(lane, i, end)) {
                utf8.write(HexFormat.fromHexDigits(lane, i + 1, i + 3));
                i += 2;
            } else {
                utf8.write(lane.charAt(i));
            }
        }
        String writer = utf8.toString(StandardCharsets.UTF_8);
        return !writer.isEmpty() && encode(writer).equals(lane) ? Optional.of(writer) : Optional.empty();
    }

    private static boolean isEscape(String lane, int at, int end) {
        return lane.charAt(at) == '%'
                && at + 2 < end
                && HexFormat.isHexDigit(lane.charAt(at + 1))
                && HexFormat.isHexDigit(lane.charAt(at + 2));
    }

    private static String encode(int octet) {
        boolean plain = (octet >= 'a' && octet <= 'z')
                || (octet >= 'A' && octet <= 'Z')
                || (octet >= '0' && octet <= '9')
                || octet == '-'
                || octet == '_';
        return plain ? String.valueOf((char) octet) : "%" + HEX.charAt(octet >> 4) + HEX.charAt(octet & 0xF);
    }
}
