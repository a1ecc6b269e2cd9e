package io.firn.flink.series;

import io.firn.error.ConfigException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.LocalZonedTimestampType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeRoot;
import org.apache.flink.table.types.logical.MapType;
import org.apache.flink.table.types.logical.RowType;

/**
 * A column of a SQL table of series: the name says what it shows, and everything that is no name of these is a label.
 * Immutable; thread-safe.
 *
 * @param name its name
 * @param kind what it shows
 * @param precision digits of the fraction of a second, for {@link Kind#TIME}
 */
record SeriesColumn(String name, Kind kind, int precision) implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final String LABELS = "labels";
    private static final String TIME = "ts";
    private static final String VALUE = "value";

    /** What a column shows. */
    enum Kind {
        /** All labels, {@code MAP<STRING, STRING>}. */
        LABELS,
        /** The time, {@code TIMESTAMP_LTZ}. */
        TIME,
        /** The time as a number of the store's unit, {@code BIGINT}. */
        NUMBER,
        /** The value, {@code DOUBLE}. */
        VALUE,
        /** The value of the label with the column's name, {@code STRING}; null without it. */
        LABEL
    }

    static List<SeriesColumn> of(DataType row) {
        List<SeriesColumn> columns = new ArrayList<>();
        for (RowType.RowField field : ((RowType) row.getLogicalType()).getFields()) {
            columns.add(of(field.getName(), field.getType()));
        }
        return columns;
    }

    private static SeriesColumn of(String name, LogicalType type) {
        LogicalTypeRoot root = type.getTypeRoot();
        if (name.equals(LABELS)
                && type instanceof MapType map
                && isText(map.getKeyType())
                && isText(map.getValueType())) {
            return new SeriesColumn(name, Kind.LABELS, 0);
        }
        if (name.equals(TIME) && type instanceof LocalZonedTimestampType time) {
            return new SeriesColumn(name, Kind.TIME, time.getPrecision());
        }
        if (name.equals(TIME) && root == LogicalTypeRoot.BIGINT) {
            return new SeriesColumn(name, Kind.NUMBER, 0);
        }
        if (name.equals(VALUE) && root == LogicalTypeRoot.DOUBLE) {
            return new SeriesColumn(name, Kind.VALUE, 0);
        }
        boolean reserved = List.of(LABELS, TIME, VALUE).contains(name);
        if (!reserved && isText(type)) {
            return new SeriesColumn(name, Kind.LABEL, 0);
        }
        throw new ConfigException("Column '" + name + "' of a table of series cannot be " + type.asSummaryString()
                + ": use labels MAP<STRING, STRING>, ts TIMESTAMP_LTZ(3) or BIGINT, value DOUBLE, and STRING for the"
                + " label of the column's name");
    }

    private static boolean isText(LogicalType type) {
        return type.getTypeRoot() == LogicalTypeRoot.VARCHAR;
    }
}
