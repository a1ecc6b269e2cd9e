package io.firn.connect.bench;

import io.firn.connect.testing.ConnectWorker;
import io.firn.connect.testing.EmbeddedBroker;
import io.firn.connect.testing.PluginPath;
import io.firn.connect.testing.Waiting;
import io.firn.connect.testing.WorkerCpu;
import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.partition.PartitionMapping;
import io.firn.partition.RecordOrigin;
import io.firn.record.StreamRecord;
import io.firn.table.KafkaOrigin;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.source.SourceConnector;

/**
 * CPU of a worker per record: the Firn source, replaying hot and compressed archives, against a source that hands out
 * records made before, on the same worker, in turn.
 *
 * <p>Run with {@code mvn -Pbench -pl kafka-connect-source -am -DskipTests -DskipITs verify -Dbench.sink.skip}; it
 * prints medians and ratios. The worker runs in its own process, so the broker's CPU does not count.
 */
public final class SourceCpuBench {
    private static final int PARTITIONS = 4;
    private static final long RECORDS_PER_PARTITION = 750_000;
    private static final long RECORDS = PARTITIONS * RECORDS_PER_PARTITION;
    /** The first one warms up. */
    private static final int ROUNDS = 8;

    private static final Duration TIMEOUT = Duration.ofMinutes(5);
    private static final String TOPIC = "bench";
    private static final String PREBUILT = "prebuilt";

    private final EmbeddedBroker broker;
    private final ConnectWorker worker;
    private final Path directory;

    private SourceCpuBench(EmbeddedBroker broker, ConnectWorker worker, Path directory) {
        this.broker = broker;
        this.worker = worker;
        this.directory = directory;
    }

    /** Runs the comparison in a directory of its own below the first argument; the second is the packaged plugin. */
    public static void main(String[] arguments) throws IOException {
        Path directory = Files.createTempDirectory(Files.createDirectories(Path.of(arguments[0])), "source-cpu");
        Path plugins = PluginPath.in(directory)
                .packaged("firn", Path.of(arguments[1]))
                .classes(
                        PREBUILT,
                        SourceConnector.class,
                        PrebuiltSource.class,
                        List.of(PrebuiltSource.PrebuiltTask.class))
                .path();
        archive(directory.resolve("hot"), false);
        archive(directory.resolve("cold"), true);
        // the heap and the collector of Kafka's own start script
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"));
                ConnectWorker worker = ConnectWorker.builder(
                                directory.resolve("worker"), broker.bootstrapServers(), plugins)
                        .stockJvm()
                        .start()) {
            new SourceCpuBench(broker, worker, directory).run();
        }
        System.exit(0);
    }

    private void run() {
        WorkerCpu cpu = new WorkerCpu(worker, RECORDS);
        for (int round = 0; round < ROUNDS; round++) {
            List<String> kinds = new ArrayList<>(List.of(PREBUILT, "firn hot", "firn cold"));
            Collections.rotate(kinds, round);
            for (String kind : kinds) {
                String name = kind.replace(' ', '-') + "-" + round;
                broker.createTopic(name, PARTITIONS, Map.of("retention.ms", "-1"));
                cpu.measure(kind, round, () -> produceAll(kind, name));
                worker.rest().delete(name);
                checkProduced(name);
                broker.deleteTopic(name);
            }
        }
        cpu.printMedians(PREBUILT);
    }

    private void produceAll(String kind, String name) {
        worker.rest().create(name, kind.equals(PREBUILT) ? prebuilt(name) : firn(name, kind.substring(5)));
        Waiting.until(
                "the end of " + name,
                TIMEOUT,
                () -> produced(name) >= RECORDS,
                () -> worker.rest().status(name).toString());
    }

    private void checkProduced(String name) {
        long produced = produced(name);
        if (produced != RECORDS) {
            throw new IllegalStateException(name + " produced " + produced + " records of " + RECORDS);
        }
    }

    private Map<String, String> prebuilt(String target) {
        Map<String, String> config = config(PrebuiltSource.class.getName());
        config.put(PrebuiltSource.TARGET, target);
        config.put(PrebuiltSource.PARTITIONS, Integer.toString(PARTITIONS));
        config.put(PrebuiltSource.RECORDS_PER_PARTITION, Long.toString(RECORDS_PER_PARTITION));
        return config;
    }

    private Map<String, String> firn(String target, String archive) {
        Map<String, String> config = config("io.firn.connect.source.FirnSourceConnector");
        config.put("firn.path", directory.resolve(archive).toAbsolutePath().toString());
        config.put("restore.topics", TOPIC);
        config.put("restore.topic.map", TOPIC + ":" + target);
        config.put("target.bootstrap.servers", broker.bootstrapServers());
        return config;
    }

    private static Map<String, String> config(String connectorClass) {
        Map<String, String> config = new HashMap<>();
        config.put("connector.class", connectorClass);
        config.put("tasks.max", "1");
        // a broker that stalls for half a minute on a shared machine would get records twice
        config.put("producer.override.request.timeout.ms", "110000");
        for (String part : List.of("key", "value", "header")) {
            config.put(part + ".converter", "org.apache.kafka.connect.converters.ByteArrayConverter");
        }
        return config;
    }

    private long produced(String topic) {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            ends.put(new TopicPartition(topic, partition), OffsetSpec.latest());
        }
        return broker.call(admin -> admin.listOffsets(ends).all()).values().stream()
                .mapToLong(ListOffsetsResultInfo::offset)
                .sum();
    }

    /** The archive that the sink would have made of the same records: a writer per Kafka partition. */
    private static void archive(Path root, boolean compressed) throws IOException {
        PartitionMapping mapping = PartitionMapping.parse("dt:date=timestamp");
        Files.createDirectories(root);
        try (Table table = Table.openOrCreate(root.resolve(TOPIC), mapping.scheme(), TableConfig.defaults())) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                KafkaOrigin origin = new KafkaOrigin(TOPIC, partition, 0, "", "");
                try (TableWriter writer = table.writer(WriterOptions.named(origin.writerName())
                        .mapping(mapping)
                        .origin(new RecordOrigin(TOPIC, partition))
                        .properties(origin.toProperties())
                        .build())) {
                    append(writer);
                    writer.finish();
                }
            }
            if (compressed) {
                compress(table);
            }
        }
    }

    private static void append(TableWriter writer) {
        for (long number = 0; number < RECORDS_PER_PARTITION; number++) {
            writer.append(StreamRecord.atMillis(PrebuiltSource.timestampMs(number))
                    .key(PrebuiltSource.key(number))
                    .value(PrebuiltSource.value(number))
                    .build());
        }
    }

    private static void compress(Table table) {
        try (LifecycleManager lifecycle = LifecycleManager.open(table, LifecycleOptions.defaults())) {
            long settled = lifecycle.run(LifecycleRequest.compressAll()).settledRecords();
            if (settled != RECORDS) {
                throw new IllegalStateException(settled + " records of " + RECORDS + " were settled");
            }
        }
    }
}
