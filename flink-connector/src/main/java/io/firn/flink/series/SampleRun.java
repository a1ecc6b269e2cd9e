package io.firn.flink.series;

import io.firn.flink.series.SeriesSplit.Position;
import io.firn.series.Labels;
import io.firn.series.SampleArrays;
import io.firn.series.TimestampUnit;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.connector.source.SourceOutput;

/**
 * Samples of one series on their way from the thread that reads to the task, not empty. Not changed any more.
 *
 * @param labels their series
 * @param unit of their timestamps
 * @param samples the samples
 */
record SampleRun(Labels labels, TimestampUnit unit, SampleArrays samples) {
    <T> void emit(SeriesMapper<T> mapper, SourceOutput<T> output) {
        mapper.begin(labels, unit);
        for (int i = 0; i < samples.size(); i++) {
            long timestamp = samples.timestamp(i);
            output.collect(mapper.map(timestamp, samples.value(i)), unit.toMillis(timestamp));
        }
    }

    Position end() {
        List<String> pairs = new ArrayList<>();
        for (int i = 0; i < labels.size(); i++) {
            pairs.add(labels.name(i));
            pairs.add(labels.value(i));
        }
        return new Position(pairs, samples.timestamp(samples.size() - 1));
    }
}
