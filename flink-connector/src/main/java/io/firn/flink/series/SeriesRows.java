package io.firn.flink.series;

import io.firn.series.Labels;
import io.firn.series.TimestampUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.table.data.GenericMapData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.jspecify.annotations.Nullable;

/** Makes a row of each sample; what is the same for a series is made once. Confined to one thread. */
final class SeriesRows implements SeriesMapper<RowData> {
    private static final long serialVersionUID = 1L;
    private static final int DIGITS = 9;

    private final ArrayList<SeriesColumn> columns;
    private final TypeInformation<RowData> type;
    private transient @Nullable Labels labels;
    private transient TimestampUnit unit = TimestampUnit.MILLIS;
    private transient @Nullable Object[] constants = new @Nullable Object[0];

    SeriesRows(List<SeriesColumn> columns, TypeInformation<RowData> type) {
        this.columns = new ArrayList<>(columns);
        this.type = type;
    }

    @Override
    public void begin(Labels series, TimestampUnit seriesUnit) {
        if (series.equals(labels)) {
            return;
        }
        labels = series;
        unit = seriesUnit;
        constants = new @Nullable Object[columns.size()];
        for (int i = 0; i < constants.length; i++) {
            SeriesColumn column = columns.get(i);
            constants[i] = switch (column.kind()) {
                case LABELS -> map(series);
                case LABEL ->
                    series.get(column.name()).map(StringData::fromString).orElse(null);
                default -> null;
            };
        }
    }

    private static GenericMapData map(Labels labels) {
        Map<StringData, StringData> map = new HashMap<>();
        for (int i = 0; i < labels.size(); i++) {
            map.put(StringData.fromString(labels.name(i)), StringData.fromString(labels.value(i)));
        }
        return new GenericMapData(map);
    }

    @Override
    public RowData map(long timestamp, double value) {
        GenericRowData row = new GenericRowData(constants.length);
        for (int i = 0; i < constants.length; i++) {
            SeriesColumn column = columns.get(i);
            row.setField(
                    i,
                    switch (column.kind()) {
                        case TIME -> time(timestamp, column.precision());
                        case NUMBER -> timestamp;
                        case VALUE -> value;
                        case LABELS, LABEL -> constants[i];
                    });
        }
        return row;
    }

    /** Digits that the column does not have are cut off. */
    private TimestampData time(long timestamp, int precision) {
        long perMilli = Math.max(1, TimestampUnit.MILLIS.nanos() / unit.nanos());
        int nanos = (int) (Math.floorMod(timestamp, perMilli) * (TimestampUnit.MILLIS.nanos() / perMilli));
        int granule = granule(precision);
        long ms = unit.toMillis(timestamp);
        long granuleMs = Math.max(1, granule / TimestampUnit.MILLIS.nanos());
        long cutMs = ms - Math.floorMod(ms, granuleMs);
        return TimestampData.fromEpochMillis(
                cutMs, nanos - nanos % (int) Math.min(granule, TimestampUnit.MILLIS.nanos()));
    }

    /** Nanoseconds of one step of a column. */
    static int granule(int precision) {
        int granule = 1;
        for (int digit = precision; digit < DIGITS; digit++) {
            granule *= 10;
        }
        return granule;
    }

    @Override
    public TypeInformation<RowData> getProducedType() {
        return type;
    }
}
