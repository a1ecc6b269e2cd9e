package io.firn.connect.sink;

import io.firn.connect.avro.RecordFormats;
import io.firn.record.StreamRecord;
import io.firn.schema.SchemaCapture;
import io.firn.table.LaneInfo;
import io.firn.table.Table;
import io.firn.table.TableWriter;
import java.util.List;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/** The bytes as they are; before a record the schemas that it needs. Confined to the task's thread. */
final class RawForm implements RecordForm {
    private final @Nullable SchemaCapture capture;

    /**
     * Creates the form for a table.
     *
     * @param capture keeps the schemas that records name; null to keep none
     */
    RawForm(@Nullable SchemaCapture capture) {
        this.capture = capture;
    }

    @Override
    public long append(SinkRecord record, long offset, TableWriter writer) {
        StreamRecord mapped = RecordMapper.map(record);
        if (capture != null) {
            capture.meet(mapped.key(), mapped.value());
        }
        writer.append(offset, mapped);
        return RecordForm.sizeOf(mapped);
    }

    @Override
    public void requireSame(Table table, List<LaneInfo> lanes) {
        RecordForm.requireOnly(RecordFormats.RAW, RecordFormats.named(lanes), table);
    }
}
