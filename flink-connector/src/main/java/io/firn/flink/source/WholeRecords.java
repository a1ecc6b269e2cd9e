package io.firn.flink.source;

import io.firn.flink.StreamRecordType;
import io.firn.record.RecordView;
import io.firn.record.StreamRecord;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.util.Collector;

/** Gives records as they are, copied. Thread-safe; no state. */
record WholeRecords() implements FirnRecordDeserializer<StreamRecord> {
    private static final long serialVersionUID = 1L;

    @Override
    public void deserialize(RecordView record, RecordPlace place, Collector<StreamRecord> out) {
        out.collect(record.toRecord());
    }

    @Override
    public TypeInformation<StreamRecord> getProducedType() {
        return StreamRecordType.INSTANCE;
    }
}
