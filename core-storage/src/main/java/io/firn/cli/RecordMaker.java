package io.firn.cli;

import io.firn.partition.MissingFieldPolicy;
import io.firn.partition.PartitionMapping;
import io.firn.partition.ValueFormat;
import io.firn.partition.ValueTimestamp;
import io.firn.record.StreamRecord;
import io.firn.table.TableWriter;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes a record of each line. Confined to one thread. */
final class RecordMaker {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final @Nullable PartitionMapping mapping;
    private final @Nullable ValueTimestamp timestamp;

    RecordMaker(@Nullable PartitionMapping mapping, @Nullable String timestampField, ValueFormat format) {
        this.mapping = mapping == null
                ? null
                : UsageException.reading("--partition-by", () -> mapping.withValueFormat(format));
        this.timestamp = timestampField == null
                ? null
                : UsageException.reading("--timestamp-field", () -> ValueTimestamp.of(timestampField, format));
    }

    /** How records are divided; empty for a table of one partition. */
    Optional<PartitionMapping> mapping() {
        return Optional.ofNullable(mapping);
    }

    /** Whether a record without partition is reported and left out. */
    boolean leavesOutErrant() {
        return mapping != null && mapping.missingField() == MissingFieldPolicy.ERRANT;
    }

    /** Appends a line; nothing is copied when no field of it is needed. */
    void append(TableWriter writer, LineReader line, long nowMs) {
        if (mapping == null && timestamp == null) {
            writer.append(nowMs * NANOS_PER_MILLI, 0, ByteBuffer.wrap(line.bytes(), line.offset(), line.length()));
            return;
        }
        byte[] value = Arrays.copyOfRange(line.bytes(), line.offset(), line.offset() + line.length());
        long timestampNs = timestamp == null ? nowMs * NANOS_PER_MILLI : timestamp.timestampNs(value);
        if (mapping == null) {
            writer.append(timestampNs, 0, ByteBuffer.wrap(value));
        } else {
            writer.append(StreamRecord.atNanos(timestampNs).value(value).build());
        }
    }
}
