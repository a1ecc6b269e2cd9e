package io.firn.connect.source;

import io.firn.connect.common.ConfigRules;
import java.time.InstantSource;
import java.util.OptionalLong;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Width;

/**
 * The options that say how fast records are replayed and with which timestamps.
 *
 * <p>Immutable; thread-safe.
 */
final class PaceOptions {
    static final String SPEED = "replay.speed";
    static final String MAX_GAP = "replay.max.gap.ms";
    static final String RATE_RECORDS = "replay.rate.records";
    static final String RATE_BYTES = "replay.rate.bytes";
    static final String TIMESTAMPS = "replay.timestamps";
    static final String SHIFT_MS = "replay.timestamps.shift.ms";
    static final String SHIFT_TO = "replay.timestamps.shift.to";

    private static final String GROUP = "Pace";
    private static final double MAX_SPEED = 1_000_000;
    private static final long MAX_RATE = 1L << 40;

    private final AbstractConfig config;

    /** Reads the options of a checked configuration. */
    PaceOptions(AbstractConfig config) {
        this.config = config;
    }

    /** Whether records wait for their time, which needs all of them in one order. */
    boolean isTimed() {
        return config.getDouble(SPEED) > 0;
    }

    /** The pace of one of so many tasks. */
    ReplayPace.Rules rules(int tasks) {
        long maxGapMs = config.getLong(MAX_GAP);
        return new ReplayPace.Rules(
                config.getDouble(SPEED),
                maxGapMs < 0 ? OptionalLong.empty() : OptionalLong.of(maxGapMs),
                (double) config.getLong(RATE_RECORDS) / tasks,
                (double) config.getLong(RATE_BYTES) / tasks);
    }

    /** The timestamps of replayed records. */
    TimestampRule timestamps(InstantSource clock) {
        TimestampRule.Kind kind = ConfigRules.choice(TimestampRule.Kind.class, config.getString(TIMESTAMPS));
        return new TimestampRule(kind, kind == TimestampRule.Kind.SHIFT ? shiftMs() : 0, clock);
    }

    /** Both bounds stand in the configuration, so that the shift is the same after every restart and in every task. */
    private long shiftMs() {
        OptionalLong toMs = TimeBound.parseMs(config.getString(SHIFT_TO));
        OptionalLong fromMs = TimeBound.parseMs(config.getString(FirnSourceConfig.FROM));
        return toMs.isPresent() && fromMs.isPresent()
                ? toMs.getAsLong() - fromMs.getAsLong()
                : config.getLong(SHIFT_MS);
    }

    static void define(ConfigDef def) {
        defineSpeed(def);
        defineRates(def);
        defineTimestamps(def);
    }

    private static void defineSpeed(ConfigDef def) {
        def.define(
                SPEED,
                ConfigDef.Type.DOUBLE,
                0.0,
                ConfigRules.rule(
                        "0 or a positive number",
                        value -> (Double) value >= 0 && (Double) value <= MAX_SPEED,
                        "use 0 for as fast as possible, 1 for the original pace, 10 for ten times as fast (at most "
                                + (long) MAX_SPEED + ")"),
                Importance.MEDIUM,
                "Pace of the replay by the records' timestamps: 0 is as fast as possible, 1 the original pace, 10 ten"
                        + " times as fast, 0.5 half. Above 0 one task replays all topics and Kafka partitions merged by"
                        + " time, as with restore.order=timestamp.",
                GROUP,
                1,
                Width.SHORT,
                "Speed");
        def.define(
                MAX_GAP,
                ConfigDef.Type.LONG,
                -1L,
                ConfigRules.rule(
                        "-1 or 1 and more",
                        value -> (Long) value == -1 || (Long) value >= 1,
                        "use a number of milliseconds, or -1 to wait out every silence"),
                Importance.LOW,
                "Longest silence that replay.speed keeps, in milliseconds of the archive (before they are divided by"
                        + " the speed): of a longer one so much is left. -1: all of it is kept.",
                GROUP,
                2,
                Width.SHORT,
                "Longest silence (ms)",
                SourceRules.shownWhen(values -> !Double.valueOf(0).equals(values.get(SPEED))));
    }

    private static void defineRates(ConfigDef def) {
        def.define(
                RATE_RECORDS,
                ConfigDef.Type.LONG,
                0L,
                Range.between(0L, MAX_RATE),
                Importance.MEDIUM,
                "Most records per second of the whole connector; each task has an equal share. 0: no limit.",
                GROUP,
                3,
                Width.SHORT,
                "Records per second");
        def.define(
                RATE_BYTES,
                ConfigDef.Type.LONG,
                0L,
                Range.between(0L, MAX_RATE),
                Importance.MEDIUM,
                "Most bytes of keys and values per second of the whole connector; each task has an equal share. 0: no"
                        + " limit.",
                GROUP,
                4,
                Width.SHORT,
                "Bytes per second");
    }

    private static void defineTimestamps(ConfigDef def) {
        def.define(
                TIMESTAMPS,
                ConfigDef.Type.STRING,
                "original",
                ConfigRules.choices(TimestampRule.Kind.class),
                Importance.MEDIUM,
                "Timestamps of replayed records: original keeps the archived ones; shift moves all by the same time"
                        + " (" + SHIFT_MS + " or " + SHIFT_TO + "); now is the time at which a record is replayed.",
                GROUP,
                5,
                Width.SHORT,
                "Timestamps",
                SourceRules.recommend(ConfigRules.names(TimestampRule.Kind.class)));
        def.define(
                SHIFT_MS,
                ConfigDef.Type.LONG,
                0L,
                Importance.LOW,
                "Milliseconds that " + TIMESTAMPS + "=shift adds to every timestamp; negative ones move back.",
                GROUP,
                6,
                Width.SHORT,
                "Shift (ms)",
                SourceRules.shownWhen(values -> "shift".equals(values.get(TIMESTAMPS))));
        def.define(
                SHIFT_TO,
                ConfigDef.Type.STRING,
                "",
                SourceRules.timeBound(),
                Importance.LOW,
                "Time to which " + TIMESTAMPS + "=shift moves the time " + FirnSourceConfig.FROM + " and all others"
                        + " with it; same forms as " + FirnSourceConfig.FROM + ".",
                GROUP,
                7,
                Width.MEDIUM,
                "Shift to",
                SourceRules.shownWhen(values -> "shift".equals(values.get(TIMESTAMPS))));
    }
}
