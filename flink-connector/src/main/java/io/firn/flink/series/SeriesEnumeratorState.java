package io.firn.flink.series;

import java.util.List;

/**
 * What a checkpoint keeps of the enumerator.
 *
 * @param planned whether the splits were made
 * @param left splits that no reader has
 */
public record SeriesEnumeratorState(boolean planned, List<SeriesSplit> left) {
    static final SeriesEnumeratorState NEW = new SeriesEnumeratorState(false, List.of());

    /** Copies the list. */
    public SeriesEnumeratorState {
        left = List.copyOf(left);
    }
}
