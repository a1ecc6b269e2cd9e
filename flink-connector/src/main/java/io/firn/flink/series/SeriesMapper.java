package io.firn.flink.series;

import io.firn.series.Labels;
import io.firn.series.TimestampUnit;
import java.io.Serializable;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.types.Row;

/**
 * Makes an element of each sample. Used by one thread at a time.
 *
 * @param <T> type of the elements
 */
public interface SeriesMapper<T> extends Serializable {
    /** Samples of another series follow; called before the first one. */
    void begin(Labels labels, TimestampUnit unit);

    /**
     * Makes an element.
     *
     * @param timestamp in the unit of the store
     */
    T map(long timestamp, double value);

    /** Type of the elements. */
    TypeInformation<T> getProducedType();

    /**
     * Rows of {@code labels} (a map of texts), {@code timestamp} (a long, in the unit of the store) and {@code value}
     * (a double).
     */
    static SeriesMapper<Row> rows() {
        return new Rows();
    }

    /** The mapper of {@link #rows}. */
    final class Rows implements SeriesMapper<Row> {
        private static final long serialVersionUID = 1L;

        private transient Map<String, String> labels = Map.of();

        private Rows() {}

        @Override
        public void begin(Labels series, TimestampUnit unit) {
            labels = series.toMap();
        }

        @Override
        public Row map(long timestamp, double value) {
            return Row.of(labels, timestamp, value);
        }

        @Override
        public TypeInformation<Row> getProducedType() {
            return Types.ROW_NAMED(
                    new String[] {"labels", "timestamp", "value"},
                    Types.MAP(Types.STRING, Types.STRING),
                    Types.LONG,
                    Types.DOUBLE);
        }
    }
}
