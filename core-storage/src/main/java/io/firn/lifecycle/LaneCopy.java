package io.firn.lifecycle;

import io.firn.error.CorruptDataException;
import io.firn.error.InvalidRecordException;
import io.firn.lifecycle.RepartitionReport.WriterReport;
import io.firn.log.Gap;
import io.firn.log.LaneIdentity;
import io.firn.log.LaneName;
import io.firn.partition.PartitionMapping;
import io.firn.partition.RecordOrigin;
import io.firn.record.RecordView;
import io.firn.table.KafkaOrigin;
import io.firn.table.LaneInfo;
import io.firn.table.LateDataPolicy;
import io.firn.table.ScanOptions;
import io.firn.table.SinkAttempts;
import io.firn.table.Table;
import io.firn.table.TableReader;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Brings what is missing of one writer into a table with another scheme. Confined to one thread. */
final class LaneCopy {
    /** Lane property: the id of the table that the lane is copied from. */
    static final String SOURCE_PROPERTY = "firn.repartition.source";

    private static final int RECORDS_PER_COMMIT = 10_000;
    private static final long BYTES_PER_COMMIT = 16L << 20;
    /** So much is copied before the new table is settled: it never keeps much more hot data. */
    private static final long BYTES_PER_SETTLING = 256L << 20;

    private final Table from;
    private final Table to;
    private final PartitionMapping mapping;
    private final LaneInfo lane;
    private final Queue<Gap> gaps = new ArrayDeque<>();
    private long copied;
    private long total;
    private long position;

    /**
     * Creates the copy.
     *
     * @param lane the writer of the old table as it is now; what it commits later is left for the next run
     */
    LaneCopy(Table from, Table to, PartitionMapping mapping, LaneInfo lane) {
        this.from = from;
        this.to = to;
        this.mapping = mapping;
        this.lane = lane;
    }

    WriterReport report() {
        return new WriterReport(lane.writer(), copied, total, position);
    }

    /**
     * Copies and compares.
     *
     * @param present what the new table has of this writer, null when nothing
     * @param settle is run from time to time while much is copied
     */
    void run(@Nullable LaneInfo present, Runnable settle) {
        if (present != null) {
            requireOwn(present);
            position = present.position();
        }
        if (position < lane.position() || present == null) {
            copy(settle);
        }
        compare();
    }

    /** Somebody else may have taken over the lane, for example a sink that goes on with the new table. */
    private void requireOwn(LaneInfo present) {
        String source = present.properties().getOrDefault(SOURCE_PROPERTY, "");
        if (!source.equals(from.id().toString())) {
            throw new InvalidRecordException(to.path() + " has a writer of this name that "
                    + (source.isEmpty() ? "no repartition made" : "was copied from table " + source)
                    + ": it is left alone at position " + present.position());
        }
        if (present.position() > lane.position()) {
            throw new InvalidRecordException("its position in " + to.path() + " is " + present.position() + ", above "
                    + lane.position() + " in " + from.path() + ": this is another or an older table");
        }
    }

    private void copy(Runnable settle) {
        WriterOptions options = WriterOptions.named(lane.writer())
                .mapping(mapping)
                .origin(origin())
                .properties(properties())
                .lateData(LateDataPolicy.ALLOW)
                .build();
        try (TableWriter writer = to.writer(options);
                TableReader reader = reader(from, writer.position())) {
            lane.recentGaps().stream()
                    .filter(gap -> gap.from() >= writer.position())
                    .forEach(gaps::add);
            try {
                appendAll(reader, writer, settle);
            } catch (InvalidRecordException | CorruptDataException stopped) {
                // What was read before is verified and has its place.
                writer.finish();
                position = writer.position();
                throw stopped;
            }
            recordGapsBelow(lane.position(), writer);
            writer.advanceTo(lane.position());
            writer.finish();
            position = writer.position();
        }
    }

    private void appendAll(TableReader reader, TableWriter writer, Runnable settle) {
        int records = 0;
        long bytes = 0;
        long unsettled = 0;
        while (reader.next() && reader.record().sequence() < lane.position()) {
            RecordView record = reader.record();
            append(record, writer);
            copied++;
            bytes += Math.max(0, record.keyLength()) + Math.max(0, record.valueLength());
            if (++records == RECORDS_PER_COMMIT || bytes >= BYTES_PER_COMMIT) {
                writer.commit();
                unsettled += bytes;
                records = 0;
                bytes = 0;
            }
            if (unsettled >= BYTES_PER_SETTLING) {
                settle.run();
                unsettled = 0;
            }
        }
    }

    private void append(RecordView record, TableWriter writer) {
        recordGapsBelow(record.sequence(), writer);
        try {
            writer.append(record.sequence(), record.toRecord());
        } catch (InvalidRecordException refused) {
            throw new InvalidRecordException(
                    "record " + record.sequence() + " and what is behind it were not copied: " + refused.getMessage());
        }
    }

    private void recordGapsBelow(long sequence, TableWriter writer) {
        while (!gaps.isEmpty() && gaps.element().to() <= sequence) {
            Gap gap = gaps.remove();
            writer.recordGap(gap.from(), gap.to());
            writer.advanceTo(gap.to());
        }
    }

    private Map<String, String> properties() {
        Map<String, String> properties = new TreeMap<>(lane.properties());
        properties.remove(LaneIdentity.PARTITION);
        // A copied attempt is a plain writer: a sink must not take it for one of its attempts.
        properties.keySet().removeIf(name -> name.startsWith(SinkAttempts.PROPERTIES));
        properties.put(SOURCE_PROPERTY, from.id().toString());
        return properties;
    }

    private RecordOrigin origin() {
        return KafkaOrigin.of(lane.properties())
                .map(kafka -> new RecordOrigin(kafka.topic(), kafka.partition()))
                .orElse(RecordOrigin.NONE);
    }

    /** Both tables, from their first record to the position of the new one. */
    private void compare() {
        RecordDigest expected = digestOf(from);
        RecordDigest found = digestOf(to);
        if (!expected.matches(found)) {
            throw new CorruptDataException(
                    to.path(),
                    0,
                    "expected " + expected + " of writer '" + lane.writer() + "' below " + position + " as in "
                            + from.path() + ", found " + found
                            + "; records that one of the tables has removed since are a reason, too");
        }
        total = found.count();
    }

    private RecordDigest digestOf(Table table) {
        RecordDigest digest = new RecordDigest();
        String name = LaneName.encode(lane.writer());
        try (TableReader reader = reader(table, Long.MIN_VALUE)) {
            while (reader.next() && reader.record().sequence() < position) {
                digest.add(name, reader.record());
            }
        }
        return digest;
    }

    private TableReader reader(Table table, long fromSequence) {
        return table.reader(ScanOptions.builder()
                .writer(lane.writer())
                .fromSequences(Map.of(lane.writer(), fromSequence))
                .counted(false)
                .build());
    }
}
