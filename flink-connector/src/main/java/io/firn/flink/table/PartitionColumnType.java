package io.firn.flink.table;

import io.firn.error.ConfigException;
import io.firn.partition.PartitionType;
import java.time.LocalDate;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.types.logical.LogicalType;
import org.jspecify.annotations.Nullable;

/** The SQL types that a partition column can have, and their values in the archive. Thread-safe. */
enum PartitionColumnType {
    /** Any text; also hours and minutes as their directories write them. */
    STRING(PartitionType.STRING) {
        @Override
        boolean reads(PartitionType field) {
            return field == PartitionType.STRING || field == PartitionType.HOUR || field == PartitionType.MINUTE;
        }

        @Override
        Object present(RowData row, int position) {
            return row.getString(position).toString();
        }

        @Override
        Object toColumn(PartitionType field, Object value) {
            return StringData.fromString(field.format(value));
        }
    },
    /** A number of 32 bits. */
    INT(PartitionType.INT) {
        @Override
        Object present(RowData row, int position) {
            return (long) row.getInt(position);
        }

        @Override
        Object toColumn(PartitionType field, Object value) {
            long number = (Long) value;
            if (number != (int) number) {
                throw new ConfigException("The partition value " + number
                        + " does not fit a column of type INT; declare the column as BIGINT");
            }
            return (int) number;
        }
    },
    /** A number of 64 bits. */
    BIGINT(PartitionType.INT) {
        @Override
        Object present(RowData row, int position) {
            return row.getLong(position);
        }

        @Override
        Object toColumn(PartitionType field, Object value) {
            return value;
        }
    },
    /** A day. */
    DATE(PartitionType.DATE) {
        @Override
        Object present(RowData row, int position) {
            return LocalDate.ofEpochDay(row.getInt(position));
        }

        @Override
        Object toColumn(PartitionType field, Object value) {
            return (int) ((LocalDate) value).toEpochDay();
        }
    };

    private final PartitionType written;

    PartitionColumnType(PartitionType written) {
        this.written = written;
    }

    /** The type of a column; other types than these cannot partition. */
    static PartitionColumnType of(String column, LogicalType type) {
        return switch (type.getTypeRoot()) {
            case VARCHAR, CHAR -> STRING;
            case INTEGER -> INT;
            case BIGINT -> BIGINT;
            case DATE -> DATE;
            default ->
                throw new ConfigException("Column '" + column + "' of type " + type.asSummaryString()
                        + " cannot partition a table; use STRING, INT, BIGINT or DATE");
        };
    }

    /** The type of the partition field that a sink makes of such a column. */
    PartitionType written() {
        return written;
    }

    /** Whether values of a partition field can stand in such a column. */
    boolean reads(PartitionType field) {
        return field == written;
    }

    /** The partition value of a row's column, null when it is null. */
    @Nullable
    Object fromRow(RowData row, int position) {
        return row.isNullAt(position) ? null : present(row, position);
    }

    /** The column's value of a partition value that is not null. */
    abstract Object toColumn(PartitionType field, Object value);

    abstract Object present(RowData row, int position);
}
