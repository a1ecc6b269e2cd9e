package io.firn.connect.sink;

import io.firn.error.ConfigException;
import io.firn.record.StreamRecord;
import io.firn.table.LaneInfo;
import io.firn.table.Table;
import io.firn.table.TableWriter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/** The form in which the records of a table are stored. Confined to the task's thread. */
interface RecordForm {
    /**
     * Appends a record under its offset.
     *
     * @return bytes of its key and value as they are stored
     * @throws io.firn.error.InvalidRecordException when it cannot be stored; nothing of it is
     */
    long append(SinkRecord record, long offset, TableWriter writer);

    /** Bytes of a record's key and value. */
    static long sizeOf(StreamRecord record) {
        return lengthOf(record.key()) + lengthOf(record.value());
    }

    private static long lengthOf(byte @Nullable [] content) {
        return content == null ? 0 : content.length;
    }

    /** What a lane says about its form; those of raw records say nothing. */
    default Map<String, String> laneProperties() {
        return Map.of();
    }

    /**
     * Refuses a table with records of another form: nobody could replay both with the same converters.
     *
     * @throws ConfigException naming both forms
     */
    void requireSame(Table table, List<LaneInfo> lanes);

    /** Refuses a table because of the forms that are found in it; errors as in {@link #requireSame}. */
    static void requireOnly(String own, Set<String> found, Table table) {
        for (String other : found) {
            if (!other.equals(own)) {
                throw new ConfigException("The table " + table.path() + " holds records of "
                        + FirnSinkConfig.RECORD_FORMAT + "=" + other + ", and this connector has "
                        + FirnSinkConfig.RECORD_FORMAT + "=" + own + ". Use another " + FirnSinkConfig.TABLE + ", or "
                        + FirnSinkConfig.RECORD_FORMAT + "=" + other + " with the converters that belong to it.");
            }
        }
    }
}
