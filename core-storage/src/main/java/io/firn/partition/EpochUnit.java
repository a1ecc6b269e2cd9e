package io.firn.partition;

/** The unit of a number that stands for an instant: a suffix such as {@code @s} on a source. */
enum EpochUnit {
    /** No suffix: JSON numbers are milliseconds, and text is a date or time, never a number. */
    UNSPECIFIED("", 1_000L),
    SECONDS("@s", 1L),
    MILLIS("@ms", 1_000L),
    MICROS("@us", 1_000_000L),
    NANOS("@ns", 1_000_000_000L);

    private final String suffix;
    private final long perSecond;

    EpochUnit(String suffix, long perSecond) {
        this.suffix = suffix;
        this.perSecond = perSecond;
    }

    String suffix() {
        return suffix;
    }

    /** How many units make a second. */
    long perSecond() {
        return perSecond;
    }

    /** The unit that a source's text ends with. */
    static EpochUnit ofSource(String source) {
        for (EpochUnit unit : values()) {
            if (unit != UNSPECIFIED && source.endsWith(unit.suffix)) {
                return unit;
            }
        }
        return UNSPECIFIED;
    }
}
