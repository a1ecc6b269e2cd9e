package io.firn.flink.series;

import java.util.List;
import java.util.Optional;
import org.apache.flink.api.connector.source.SourceSplit;

/**
 * A part of the time of a selection, with how far it was read: series by series, each from its first sample on.
 * Immutable; thread-safe.
 *
 * @param splitId its name
 * @param from first timestamp, in the unit of the store
 * @param to end, exclusive; {@link Long#MAX_VALUE} for no end
 * @param position what was emitted last; empty in the beginning
 */
public record SeriesSplit(String splitId, long from, long to, Optional<Position> position) implements SourceSplit {
    /**
     * A sample that was emitted.
     *
     * @param labels names and values of its series in turn, ascending by name
     * @param timestamp its timestamp
     */
    public record Position(List<String> labels, long timestamp) {
        /** Copies the list. */
        public Position {
            labels = List.copyOf(labels);
        }
    }

    /** The same split behind a sample. */
    SeriesSplit behind(Position emitted) {
        return new SeriesSplit(splitId, from, to, Optional.of(emitted));
    }
}
