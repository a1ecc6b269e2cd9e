package io.firn.log;

import io.firn.record.FrameFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Constants of the lane and catalog logs.
 *
 * @see <a href="../../../../../../../docs/format/log.md">docs/format/log.md</a>
 */
public final class LogFormat {
    /** First eight bytes of a log file, little-endian: {@code "FIRN.L\r\n"}. */
    static final long MAGIC = 0x0A0D4C2E4E524946L;

    static final short MAJOR_VERSION = 1;
    static final short MINOR_VERSION = 0;
    static final int HEADER_BYTES = 64;

    /** Frame type of the first frame of every log: the whole state at the time of the fence. */
    static final int TYPE_BASE = FrameFormat.CONTROL_FIRST_LOG_TYPE;

    /** Frame type of one change of the state. */
    static final int TYPE_ENTRY = FrameFormat.CONTROL_FIRST_LOG_TYPE + 1;

    /** Twenty digits in a file name that are a number of ours; others stand in names that somebody else has given. */
    public static final String NUMBER = "0[0-8]\\d{18}";

    /** Digits of an epoch in a file name, so that names sort as numbers. */
    private static final int EPOCH_DIGITS = 20;

    private static final Pattern LOG_NAME = Pattern.compile("(" + NUMBER + ")\\.log");

    private LogFormat() {}

    /** Name of the log file of an epoch. */
    public static String fileName(long epoch) {
        String digits = Long.toString(epoch);
        return "0".repeat(EPOCH_DIGITS - digits.length()) + digits + ".log";
    }

    /** The epoch that a file name stands for, or 0 when it is not the name of a log. */
    static long epochOf(String fileName) {
        Matcher matcher = LOG_NAME.matcher(fileName);
        return matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
    }
}
