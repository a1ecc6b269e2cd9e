package io.firn.connect.bench;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.source.SourceConnector;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;

/** A source that hands out records which it made before: what Connect itself and its producer cost. */
public final class PrebuiltSource extends SourceConnector {
    static final String TARGET = "target";
    static final String PARTITIONS = "partitions";
    static final String RECORDS_PER_PARTITION = "records.per.partition";

    private static final String[] ORIGINS = {"ATL", "ORD", "DFW", "LAX", "PHX", "DEN"};
    private static final long FIRST_MS = 978_307_200_000L;
    private static final long STEP_MS = 100;

    private Map<String, String> properties = Map.of();

    /** The key of a record. */
    static byte[] key(long number) {
        return ORIGINS[(int) (number % ORIGINS.length)].getBytes(StandardCharsets.UTF_8);
    }

    /** The value of a record, a hundred bytes of JSON. */
    static byte[] value(long number) {
        String origin = ORIGINS[(int) (number % ORIGINS.length)];
        return ("{\"origin\":\"" + origin + "\",\"number\":" + number
                        + ",\"note\":\"a hundred bytes of an ordinary small event, as they go\"}")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** The timestamp of a record, milliseconds. */
    static long timestampMs(long number) {
        return FIRST_MS + number * STEP_MS;
    }

    @Override
    public String version() {
        return "1";
    }

    @Override
    public void start(Map<String, String> config) {
        properties = Map.copyOf(config);
    }

    @Override
    public Class<? extends Task> taskClass() {
        return PrebuiltTask.class;
    }

    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        return Collections.nCopies(maxTasks, properties);
    }

    @Override
    public void stop() {
        properties = Map.of();
    }

    @Override
    public ConfigDef config() {
        return new ConfigDef();
    }

    /** The task: one Kafka partition after the other, as the replay of an archive does it. */
    public static final class PrebuiltTask extends SourceTask {
        /** As many as the replay hands out at once by default. */
        private static final int BATCH_RECORDS = 20_000;

        private static final long IDLE_WAIT_MS = 100;

        private final CountDownLatch stopped = new CountDownLatch(1);
        private final List<List<SourceRecord>> batches = new ArrayList<>();
        private long recordsPerPartition;
        private int partition;
        private long handedOut;

        @Override
        public String version() {
            return "1";
        }

        @Override
        public void start(Map<String, String> config) {
            int partitions = Integer.parseInt(config.getOrDefault(PARTITIONS, "1"));
            recordsPerPartition = Long.parseLong(config.getOrDefault(RECORDS_PER_PARTITION, "0"));
            for (int i = 0; i < partitions; i++) {
                batches.add(batch(config.getOrDefault(TARGET, ""), i));
            }
        }

        private static List<SourceRecord> batch(String topic, int partition) {
            Map<String, String> source = Map.of("partition", Integer.toString(partition));
            List<SourceRecord> batch = new ArrayList<>(BATCH_RECORDS);
            for (long i = 0; i < BATCH_RECORDS; i++) {
                batch.add(new SourceRecord(
                        source,
                        Map.of("sequence", i),
                        topic,
                        partition,
                        Schema.OPTIONAL_BYTES_SCHEMA,
                        key(i),
                        Schema.OPTIONAL_BYTES_SCHEMA,
                        value(i),
                        timestampMs(i)));
            }
            return Collections.unmodifiableList(batch);
        }

        @Override
        public List<SourceRecord> poll() throws InterruptedException {
            if (partition == batches.size()) {
                stopped.await(IDLE_WAIT_MS, TimeUnit.MILLISECONDS);
                return List.of();
            }
            List<SourceRecord> batch = batches.get(partition);
            long left = recordsPerPartition - handedOut;
            List<SourceRecord> records = left < batch.size() ? batch.subList(0, (int) left) : batch;
            handedOut += records.size();
            if (handedOut == recordsPerPartition) {
                partition++;
                handedOut = 0;
            }
            return records;
        }

        @Override
        public void stop() {
            stopped.countDown();
        }
    }
}
