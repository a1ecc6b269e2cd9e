package io.firn.connect.avro;

import io.firn.table.KafkaOrigin;
import io.firn.table.LaneInfo;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableReader;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * In which forms the records from Kafka of a table are: {@code raw} or {@code structured}. Thread-safe; no state.
 */
public final class RecordFormats {
    /** Bytes as they were. */
    public static final String RAW = "raw";

    /** Values with schemas ({@link StructuredValues}). */
    public static final String STRUCTURED = "structured";

    /** Lane property with the form; lanes without it are raw, or their log was lost and rebuilt. */
    public static final String PROPERTY = "firn.record.format";

    private RecordFormats() {}

    /** The forms that lanes from Kafka name by themselves. */
    public static Set<String> named(List<LaneInfo> lanes) {
        Set<String> formats = new TreeSet<>();
        for (LaneInfo lane : lanes) {
            String format = lane.properties().get(PROPERTY);
            if (format != null && KafkaOrigin.of(lane.properties()).isPresent()) {
                formats.add(format);
            }
        }
        return formats;
    }

    /** The forms of lanes from Kafka; where one names none, the first record of the table tells it. */
    public static Set<String> of(Table table, List<LaneInfo> lanes) {
        Set<String> formats = named(lanes);
        boolean unnamed = lanes.stream()
                .anyMatch(lane -> lane.position() > 0
                        && !lane.properties().containsKey(PROPERTY)
                        && KafkaOrigin.of(lane.properties()).isPresent());
        if (unnamed) {
            formats.add(ofFirstRecord(table));
        }
        return formats;
    }

    private static String ofFirstRecord(Table table) {
        try (TableReader reader =
                table.reader(ScanOptions.builder().counted(false).build())) {
            boolean structured = reader.next() && reader.record().typeId() == StructuredValues.TYPE_ID;
            return structured ? STRUCTURED : RAW;
        }
    }
}
