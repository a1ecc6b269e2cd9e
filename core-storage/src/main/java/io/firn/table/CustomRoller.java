package io.firn.table;

import io.firn.partition.PartitionScheme;
import io.firn.partition.PartitionValues;
import io.firn.record.StreamRecord;
import io.firn.record.Timestamps;
import java.nio.ByteBuffer;

/**
 * Partitions by a rule of the application over timestamp, type and payload.
 *
 * <p>As thread-safe as its rule.
 */
public final class CustomRoller implements Roller {
    private final PartitionScheme scheme;
    private final Rule rule;

    private CustomRoller(PartitionScheme scheme, Rule rule) {
        this.scheme = scheme;
        this.rule = rule;
    }

    /** Makes a roller for tables with a scheme; the rule's values must be values of that scheme. */
    public static CustomRoller of(PartitionScheme scheme, Rule rule) {
        return new CustomRoller(scheme, rule);
    }

    @Override
    public PartitionScheme scheme() {
        return scheme;
    }

    @Override
    public PartitionValues partitionOf(StreamRecord record) {
        byte[] value = record.value();
        ByteBuffer payload = value == null
                ? ByteBuffer.allocate(0).asReadOnlyBuffer()
                : ByteBuffer.wrap(value).asReadOnlyBuffer();
        return rule.partitionOf(Timestamps.saturatedNs(record), record.typeId(), payload);
    }

    /** Says which partition a record belongs to; the same one whenever it is asked. */
    @FunctionalInterface
    public interface Rule {
        /**
         * The partition of a record.
         *
         * @param timestampNs nanoseconds since the epoch; milliseconds that do not fit are the nearest that do
         * @param typeId 0 to 65535
         * @param payload the value, read-only; empty when the record has none
         */
        PartitionValues partitionOf(long timestampNs, int typeId, ByteBuffer payload);
    }
}
