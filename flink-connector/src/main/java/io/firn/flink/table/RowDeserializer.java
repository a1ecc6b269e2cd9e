package io.firn.flink.table;

import io.firn.flink.source.FirnRecordDeserializer;
import io.firn.flink.source.RecordPlace;
import io.firn.partition.PartitionField;
import io.firn.partition.PartitionScheme;
import io.firn.partition.PartitionValues;
import io.firn.record.RecordHeader;
import io.firn.record.RecordView;
import io.firn.table.RecordFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.types.RowKind;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/** Makes rows of records: of the value what the query asks for, of the rest no more than that. */
final class RowDeserializer implements FirnRecordDeserializer<RowData> {
    private static final long serialVersionUID = 1L;
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** Null when no row needs the value. */
    private final @Nullable DeserializationSchema<RowData> format;

    private final RowLayout layout;
    private final RowsPerRecord rowsPerRecord;
    /** Partitions that are wanted, null for all. */
    private final @Nullable Set<String> partitions;

    private final long limit;
    private final TypeInformation<RowData> type;

    private transient long emitted;
    private transient @Nullable PartitionScheme scheme;
    private transient @Nullable String lastPath;
    private transient boolean lastWanted;
    private transient @Nullable FileColumns lastFile;
    private transient @Nullable Object[] partitionColumns = new Object[0];

    RowDeserializer(
            @Nullable DeserializationSchema<RowData> format,
            RowLayout layout,
            RowsPerRecord rowsPerRecord,
            ScanChoice choice,
            TypeInformation<RowData> type) {
        this.format = format;
        this.layout = layout;
        this.rowsPerRecord = rowsPerRecord;
        this.partitions = choice.partitions();
        this.limit = choice.limit();
        this.type = type;
    }

    @Override
    public void open(DeserializationSchema.InitializationContext context) throws Exception {
        if (format != null) {
            format.open(context);
        }
    }

    @Override
    public void deserialize(RecordView record, RecordPlace place, Collector<RowData> out) throws IOException {
        enter(place.partitionPath());
        if (!lastWanted) {
            return;
        }
        byte[] value = format == null ? null : bytes(record.value());
        if (format == null || (value == null && rowsPerRecord == RowsPerRecord.ONE)) {
            emit(null, record, place, out);
            return;
        }
        Rows rows = new Rows(record, place, out);
        format.deserialize(value, rows);
        if (rowsPerRecord == RowsPerRecord.ONE && rows.count != 1) {
            if (rows.count > 1) {
                throw new IOException("The format makes " + rows.count + " rows of record " + record.sequence()
                        + " of writer '" + place.writer() + "'; set 'scan.rows-per-record'='any', so that rows are not"
                        + " counted by their records");
            }
            emit(null, record, place, out);
        }
    }

    @Override
    public boolean isSatisfied() {
        return emitted >= limit;
    }

    /** Completes the rows of a format. */
    private final class Rows implements Collector<RowData> {
        private final RecordView record;
        private final RecordPlace place;
        private final Collector<RowData> out;
        private int count;

        Rows(RecordView record, RecordPlace place, Collector<RowData> out) {
            this.record = record;
            this.place = place;
            this.out = out;
        }

        @Override
        public void collect(@Nullable RowData decoded) {
            if (decoded != null) {
                count++;
                emit(decoded, record, place, out);
            }
        }

        @Override
        public void close() {
            // owned by the caller
        }
    }

    private void emit(@Nullable RowData decoded, RecordView record, RecordPlace place, Collector<RowData> out) {
        out.collect(row(decoded, record, place));
        emitted++;
    }

    private RowData row(@Nullable RowData decoded, RecordView record, RecordPlace place) {
        GenericRowData row =
                new GenericRowData(decoded == null ? RowKind.INSERT : decoded.getRowKind(), layout.arity());
        if (decoded != null) {
            for (RowLayout.Decoded column : layout.decoded()) {
                row.setField(column.target(), column.getter().getFieldOrNull(decoded));
            }
        }
        List<RowLayout.Partition> columns = layout.partitions();
        for (int i = 0; i < columns.size(); i++) {
            row.setField(columns.get(i).target(), partitionColumns[i]);
        }
        for (RowLayout.Metadata column : layout.metadata()) {
            row.setField(column.target(), metadata(column.metadata(), record, place));
        }
        return row;
    }

    /** What holds for all records of a partition is made once. */
    private void enter(String path) {
        if (path.equals(lastPath)) {
            return;
        }
        lastPath = path;
        lastWanted = partitions == null || partitions.contains(path);
        if (lastWanted && !layout.partitions().isEmpty()) {
            if (scheme == null) {
                scheme = layout.parsedScheme();
            }
            partitionColumns = columnsOf(scheme.parsePath(path));
        }
    }

    private @Nullable Object[] columnsOf(PartitionValues values) {
        return layout.partitions().stream()
                .map(partition -> columnOf(values, partition.column()))
                .toArray();
    }

    static @Nullable Object columnOf(PartitionValues values, PartitionColumn column) {
        Object value = values.get(column.name());
        PartitionField field = values.scheme().fields().get(values.scheme().indexOf(column.name()));
        return value == null ? null : column.type().toColumn(field.type(), value);
    }

    private @Nullable Object metadata(RecordMetadata metadata, RecordView record, RecordPlace place) {
        return switch (metadata) {
            case TIMESTAMP -> TimestampData.fromEpochMillis(timestampMs(record));
            case TIMESTAMP_NS -> record.timestampNs();
            case KEY -> bytes(record.key());
            case HEADERS -> headers(record.headers());
            case TYPE -> record.typeId();
            case WRITER -> StringData.fromString(place.writer());
            case SEQUENCE -> record.sequence();
            case PARTITION -> StringData.fromString(place.partitionPath());
            case TIER -> fileColumns(place).tier();
            case SEGMENT -> fileColumns(place).segment();
        };
    }

    /** What holds for all records of a file is made once. */
    private FileColumns fileColumns(RecordPlace place) {
        FileColumns columns = lastFile;
        if (columns == null || !columns.file().equals(place.file())) {
            columns = FileColumns.of(place.file());
            lastFile = columns;
        }
        return columns;
    }

    /** The columns that say which file a record was read from. */
    private record FileColumns(RecordFile file, StringData tier, StringData segment) {
        static FileColumns of(RecordFile file) {
            String tier = file.tier().name().toLowerCase(Locale.ROOT);
            return new FileColumns(file, StringData.fromString(tier), StringData.fromString(file.path()));
        }
    }

    private static long timestampMs(RecordView record) {
        return record.inMillis() ? record.timestamp() : Math.floorDiv(record.timestamp(), NANOS_PER_MILLI);
    }

    private static GenericArrayData headers(List<RecordHeader> headers) {
        return new GenericArrayData(headers.stream()
                .map(header -> GenericRowData.of(StringData.fromString(header.name()), header.value()))
                .toArray());
    }

    private static byte @Nullable [] bytes(@Nullable ByteBuffer buffer) {
        if (buffer == null) {
            return null;
        }
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    @Override
    public TypeInformation<RowData> getProducedType() {
        return Objects.requireNonNull(type);
    }
}
