package io.firn.connect.sink;

import io.firn.series.LabelMatcher;
import io.firn.series.SampleCursor;
import io.firn.series.SeriesCursor;
import io.firn.series.SeriesReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Records that are samples, what series they make, and what a directory of series stores holds. No state. */
final class SeriesDump {
    static final String LABELS = "host=value.host,part=partition,__name__='load'";

    private SeriesDump() {}

    /** A record with a sample, which may replace an earlier one of the same host and time. */
    static ProducerRecord<byte @Nullable [], byte @Nullable []> record(
            String topic, int partition, int host, long timestampMs, double value) {
        String json = "{\"host\":\"h" + host + "\",\"load\":" + value + "}";
        return new ProducerRecord<>(topic, partition, timestampMs, null, json.getBytes(StandardCharsets.UTF_8));
    }

    /** Puts the sample of such a record into a model. */
    static void apply(Map<String, Map<Long, Double>> model, int partition, int host, long timestampMs, double value) {
        String series = "{__name__=\"load\", host=\"h" + host + "\", part=\"" + partition + "\"}";
        model.computeIfAbsent(series, name -> new TreeMap<>()).put(timestampMs, value);
    }

    /** What is committed, by series and time. */
    static Map<String, Map<Long, Double>> read(Path stores) {
        Map<String, Map<Long, Double>> series = new TreeMap<>();
        try (SeriesReader reader = SeriesReader.open(stores);
                SeriesCursor cursor = reader.select(LabelMatcher.equal("__name__", "load"))) {
            while (cursor.next()) {
                Map<Long, Double> samples = new TreeMap<>();
                SampleCursor each = cursor.samples();
                while (each.next()) {
                    samples.put(each.timestamp(), each.value());
                }
                series.put(cursor.labels().toString(), samples);
            }
        }
        return series;
    }

    /** Where the partitions stand, by the directories of their stores. */
    static Map<String, Long> positions(Path stores) {
        Map<String, Long> positions = new TreeMap<>();
        try (SeriesReader reader = SeriesReader.open(stores)) {
            reader.marks()
                    .forEach((store, marks) -> positions.put(
                            store,
                            marks.values().stream()
                                    .mapToLong(Long::longValue)
                                    .max()
                                    .orElse(0)));
        }
        return positions;
    }
}
