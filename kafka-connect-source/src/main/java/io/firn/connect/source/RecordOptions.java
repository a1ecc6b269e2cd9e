package io.firn.connect.source;

import io.firn.partition.RecordFilter;
import java.util.OptionalLong;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.jspecify.annotations.Nullable;

/**
 * The options that choose records within an archived Kafka partition, and say where they came from.
 *
 * <p>Immutable; thread-safe.
 */
final class RecordOptions {
    static final String OFFSETS_FROM = "restore.offsets.from";
    static final String OFFSETS_TO = "restore.offsets.to";
    static final String RECORDS = "restore.records";
    static final String PROVENANCE = "restore.headers.provenance";

    /** The largest offset that can be written, with 18 digits. */
    static final long MAX_OFFSET = 999_999_999_999_999_999L;

    private static final String GROUP = "Records";

    private final OriginValues from;
    private final OriginValues to;
    private final RecordFilter filter;
    private final boolean provenance;
    private final boolean headersOfBytes;

    /** Reads the options of a checked configuration. */
    RecordOptions(AbstractConfig config) {
        this.from = OriginValues.parse(config.getList(OFFSETS_FROM), MAX_OFFSET);
        this.to = OriginValues.parse(config.getList(OFFSETS_TO), MAX_OFFSET);
        this.filter = RecordFilter.parse(config.getString(RECORDS));
        this.provenance = config.getBoolean(PROVENANCE);
        this.headersOfBytes = ByteConverters.ofHeaders(config.originalsStrings());
    }

    /** First offset of an archived Kafka partition to replay, empty for its beginning. */
    OptionalLong firstOffset(ReplayLane lane) {
        return from.of(lane.topic(), lane.partition());
    }

    /** End of the offsets of an archived Kafka partition, exclusive; empty for its end. */
    OptionalLong endOffset(ReplayLane lane) {
        return to.of(lane.topic(), lane.partition());
    }

    /** Which records are replayed. */
    RecordFilter filter() {
        return filter;
    }

    /** Adds headers of origin, null when they are not asked for. */
    @Nullable
    Provenance provenance(ReplayLane lane) {
        return provenance ? new Provenance(lane.topic(), lane.partition(), headersOfBytes) : null;
    }

    static void define(ConfigDef def) {
        defineOffsets(def);
        def.define(
                RECORDS,
                ConfigDef.Type.STRING,
                "",
                SourceRules.recordFilter(),
                Importance.MEDIUM,
                "Replay only records that match, for example key = 'ATL' and header.kind in ('a', 'b'). Operators:"
                        + " = != < <= > >= in, is null, is not null, and; keys and headers count as UTF-8 text. Every"
                        + " record is read for it, so choose partitions with " + FirnSourceConfig.FILTER
                        + " where that does. Empty: all records.",
                GROUP,
                3,
                Width.LONG,
                "Record filter");
        def.define(
                PROVENANCE,
                ConfigDef.Type.BOOLEAN,
                false,
                Importance.LOW,
                "Whether each record gets the headers " + Provenance.TOPIC + ", " + Provenance.PARTITION + ", "
                        + Provenance.OFFSET + " and " + Provenance.TIMESTAMP + " (text; milliseconds since 1970) behind"
                        + " its own.",
                GROUP,
                4,
                Width.SHORT,
                "Headers of origin");
    }

    private static void defineOffsets(ConfigDef def) {
        def.define(
                OFFSETS_FROM,
                ConfigDef.Type.LIST,
                "",
                SourceRules.originValues(MAX_OFFSET),
                Importance.MEDIUM,
                "First archived offset of Kafka partitions to replay, inclusive: topic:partition=offset, separated by"
                        + " commas, for example flights:0=100. The topic may be a pattern, the partition *; the first"
                        + " entry that fits counts. Others are replayed from the beginning.",
                GROUP,
                1,
                Width.LONG,
                "From offsets (inclusive)");
        def.define(
                OFFSETS_TO,
                ConfigDef.Type.LIST,
                "",
                SourceRules.originValues(MAX_OFFSET),
                Importance.MEDIUM,
                "End of the archived offsets of Kafka partitions to replay, exclusive; same form as " + OFFSETS_FROM
                        + ". Others are replayed to the end.",
                GROUP,
                2,
                Width.LONG,
                "To offsets (exclusive)");
    }
}
