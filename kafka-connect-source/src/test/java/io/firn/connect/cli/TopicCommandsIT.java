package io.firn.connect.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.cli.CliCommand;
import io.firn.connect.source.ArchiveFixture;
import io.firn.connect.testing.EmbeddedBroker;
import io.firn.connect.testing.TopicDump;
import io.firn.connect.testing.TopicFeed;
import io.firn.table.Table;
import io.firn.topic.GroupOffset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands against a real broker, with a topic whose offsets are not those of the original. */
class TopicCommandsIT {
    private static final int PARTITIONS = 2;
    private static final int RECORDS = 3_000;
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    @TempDir
    static Path directory;

    private static EmbeddedBroker broker;
    private static int topics;

    private final CommandLineRun firn = new CommandLineRun();

    @BeforeAll
    static void startBroker() throws IOException {
        broker = EmbeddedBroker.start(directory.resolve("broker"));
    }

    @AfterAll
    static void closeBroker() {
        broker.close();
    }

    private int firn(String... args) {
        return firn.run(args);
    }

    private String output() {
        return firn.output();
    }

    private String messages() {
        return firn.messages();
    }

    private static String newTopic() {
        String name = "orders-" + topics++;
        broker.createTopic(name, PARTITIONS, Map.of("retention.ms", "-1"));
        return name;
    }

    /** Fills a topic, with aborted transactions in between, and archives it; returns the topic. */
    private static String archived() {
        String topic = newTopic();
        Random random = new Random(11);
        try (TopicFeed feed = TopicFeed.transactional(broker.bootstrapServers(), topic)) {
            for (int i = 0; i < 6; i++) {
                feed.begin();
                feed.sendRandom(random, topic, PARTITIONS, RECORDS / 3);
                if (i % 2 == 0) {
                    feed.commit();
                } else {
                    feed.abort();
                }
            }
        }
        ArchiveFixture.archiveTopic(
                directory.resolve("archive"), "dt:date=timestamp", broker.bootstrapServers(), topic);
        return topic;
    }

    private static String table(String topic) {
        return directory.resolve("archive").resolve(topic).toString();
    }

    private static List<ConsumerRecord<byte[], byte[]>> records(String topic) {
        return TopicDump.recordsOf(broker.bootstrapServers(), topic);
    }

    /** Writes records into a topic as an exactly-once source does: in transactions, whose ends take offsets. */
    private static void replay(List<ConsumerRecord<byte[], byte[]>> records, String target) {
        try (TopicFeed feed = TopicFeed.transactional(broker.bootstrapServers(), "replay-" + target)) {
            feed.begin();
            for (int i = 0; i < records.size(); i++) {
                feed.copy(records.get(i), target);
                if (i % 700 == 699) {
                    feed.commit();
                    feed.begin();
                }
            }
            feed.commit();
        }
    }

    private int verify(String topic, String target, String... more) {
        List<String> args = new ArrayList<>(List.of("verify", table(topic), target, "--against"));
        args.add(broker.bootstrapServers());
        args.addAll(List.of(more));
        return firn(args.toArray(String[]::new));
    }

    @Test
    void provesThatAReplayIsTheArchiveAndFindsTheFirstDifference() {
        String topic = archived();
        List<ConsumerRecord<byte[], byte[]>> records = records(topic);
        assertThat(records).hasSize(RECORDS);
        String whole = newTopic();
        replay(records, whole);
        assertThat(verify(topic, whole)).as(this::messages).isEqualTo(CliCommand.DONE);
        assertThat(output()).contains(whole + "-0 ", whole + "-1 ", "sha-256").endsWith("identical\n");

        String shorter = newTopic();
        replay(records.subList(0, RECORDS - 1), shorter);
        assertThat(verify(topic, shorter)).isEqualTo(CliCommand.FAILED);
        ConsumerRecord<byte[], byte[]> last = records.get(RECORDS - 1);
        assertThat(output())
                .contains(shorter + "-" + last.partition() + " differs after", "record " + last.offset() + " of the")
                .endsWith("different\n");

        String changed = newTopic();
        List<ConsumerRecord<byte[], byte[]>> other = new ArrayList<>(records);
        ConsumerRecord<byte[], byte[]> middle = other.get(RECORDS / 2);
        middle.headers().add("more", new byte[] {1});
        replay(other, changed);
        assertThat(verify(topic, changed)).isEqualTo(CliCommand.FAILED);
        assertThat(output()).contains("record " + middle.offset() + " of the archive and offset", "headers [");
    }

    @Test
    void comparesWithTheOriginalOffsetByOffset() {
        String topic = archived();
        assertThat(verify(topic, topic, "--original")).as(this::messages).isEqualTo(CliCommand.DONE);
        try (TopicFeed feed = TopicFeed.open(broker.bootstrapServers())) {
            feed.sendRandom(new Random(5), topic, PARTITIONS, 10);
        }
        assertThat(verify(topic, topic, "--original"))
                .as("records that are not archived yet are no difference")
                .isEqualTo(CliCommand.DONE);
        assertThat(verify(topic, topic)).isEqualTo(CliCommand.FAILED);
        assertThat(output()).contains("the topic has more records, from offset ");
        String replayed = newTopic();
        replay(records(topic), replayed);
        assertThat(verify(topic, replayed, "--original")).isEqualTo(CliCommand.FAILED);
        assertThat(output()).contains("the archive goes on with record ");
    }

    @Test
    void saysWhatIsWrongWithTheCommandLineOrTheCluster() throws IOException {
        String topic = archived();
        assertThat(verify(topic, "no-such-topic")).isEqualTo(CliCommand.FAILED);
        assertThat(messages()).contains("There is no topic no-such-topic");
        assertThat(firn("verify", table(topic), "--against", broker.bootstrapServers()))
                .isEqualTo(CliCommand.USAGE);
        assertThat(firn("verify", table(topic), topic, "--against", "nonsense")).isEqualTo(CliCommand.USAGE);
        assertThat(messages()).contains("nonsense");
        assertThat(firn("offsets")).isEqualTo(CliCommand.USAGE);
        Path registry = Files.writeString(directory.resolve("registry.properties"), "schema.registry.urls=typo\n");
        assertThat(verify(topic, topic, "--registry-config", registry.toString()))
                .isEqualTo(CliCommand.USAGE);
        assertThat(messages()).contains("has no schema.registry.url");
        Files.writeString(registry, "schema.registry.url=nonsense\n");
        assertThat(verify(topic, topic, "--registry-config", registry.toString()))
                .isEqualTo(CliCommand.USAGE);
        assertThat(messages()).contains("registry.properties", "nonsense");
        assertThat(verify(topic, topic, "--original", "--registry-config", registry.toString()))
                .isEqualTo(CliCommand.USAGE);
    }

    private static KafkaConsumer<byte[], byte[]> consumer(String group) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", broker.bootstrapServers());
        settings.put("group.id", group);
        settings.put("enable.auto.commit", "false");
        settings.put("auto.offset.reset", "earliest");
        settings.put("isolation.level", "read_committed");
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static void stand(String group, String topic, Map<Integer, Long> offsets) {
        Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
        offsets.forEach((partition, offset) ->
                committed.put(new TopicPartition(topic, partition), new OffsetAndMetadata(offset)));
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(group)) {
            consumer.commitSync(committed);
        }
    }

    /** What a member of the group reads first in a partition. */
    private static ConsumerRecord<byte[], byte[]> nextOf(String group, TopicPartition partition) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(group)) {
            consumer.assign(List.of(partition));
            long until = System.nanoTime() + TIMEOUT.toNanos();
            while (System.nanoTime() < until) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    return record;
                }
            }
        }
        throw new AssertionError(group + " reads nothing from " + partition);
    }

    @Test
    void aGroupGoesOnAtTheSameRecordOfTheReplayedTopicAndBack() {
        String topic = archived();
        List<ConsumerRecord<byte[], byte[]>> records = records(topic);
        List<ConsumerRecord<byte[], byte[]>> first =
                records.stream().filter(record -> record.partition() == 0).toList();
        ConsumerRecord<byte[], byte[]> expected = first.get(first.size() / 2);
        long end = 1
                + records.stream()
                        .filter(record -> record.partition() == 1)
                        .mapToLong(ConsumerRecord::offset)
                        .max()
                        .orElseThrow();
        stand("billing", topic, Map.of(0, first.get(first.size() / 2 - 1).offset() + 1, 1, end));
        String target = newTopic();
        replay(records, target);
        stand("billing", target, Map.of(1, 3L));
        String saved = directory.resolve(target + "-saved.json").toString();
        String plan = directory.resolve(target + "-plan.json").toString();
        String brokers = broker.bootstrapServers();

        assertThat(firn("offsets", "save", saved, "--against", brokers, "--group", "billing", "--topic", topic))
                .as(this::messages)
                .isEqualTo(CliCommand.DONE);
        assertThat(firn("offsets", "plan", table(topic), target, plan, "--saved", saved, "--against", brokers))
                .as(this::messages)
                .isEqualTo(CliCommand.DONE);
        assertThat(firn("offsets", "apply", plan, "--against", brokers))
                .as(this::messages)
                .isEqualTo(CliCommand.DONE);

        ConsumerRecord<byte[], byte[]> next = nextOf("billing", new TopicPartition(target, 0));
        assertThat(next.value()).isEqualTo(expected.value());
        assertThat(next.timestamp()).isEqualTo(expected.timestamp());
        assertThat(next.offset()).as("transactions end in between").isNotEqualTo(expected.offset());
        replay(List.of(expected), target);
        assertThat(firn("offsets", "apply", plan, "--against", brokers))
                .as("again")
                .isEqualTo(CliCommand.DONE);

        assertThat(firn("offsets", "rollback", plan, "--against", brokers)).isEqualTo(CliCommand.DONE);
        try (KafkaConsumer<byte[], byte[]> consumer = consumer("billing")) {
            TopicPartition one = new TopicPartition(target, 1);
            TopicPartition zero = new TopicPartition(target, 0);
            Map<TopicPartition, OffsetAndMetadata> present = consumer.committed(Set.of(zero, one));
            assertThat(present.get(zero)).isNull();
            assertThat(present.get(one)).isEqualTo(new OffsetAndMetadata(3));
        }
    }

    @Test
    void aPlanTakesTheOffsetsThatTheSinkHasKeptWhenTheOldClusterIsGone() throws IOException {
        String topic = archived();
        List<ConsumerRecord<byte[], byte[]>> records = records(topic);
        ConsumerRecord<byte[], byte[]> expected = records.stream()
                .filter(record -> record.partition() == 1)
                .skip(100)
                .findFirst()
                .orElseThrow();
        String target = newTopic();
        replay(records, target);
        String plan = directory.resolve(target + "-plan.json").toString();
        String[] planning = {"offsets", "plan", table(topic), target, plan, "--against", broker.bootstrapServers()};
        assertThat(firn(planning)).isEqualTo(CliCommand.USAGE);
        assertThat(messages()).contains("the table has no group with an offset in what", "--saved");
        try (Table table = Table.open(Path.of(table(topic)))) {
            table.topics().keepOffsets(topic, List.of(new GroupOffset("kept", topic, 1, expected.offset())));
        }

        assertThat(firn(planning)).as(this::messages).isEqualTo(CliCommand.DONE);
        assertThat(firn("offsets", "apply", plan, "--against", broker.bootstrapServers()))
                .as(this::messages)
                .isEqualTo(CliCommand.DONE);
        assertThat(nextOf("kept", new TopicPartition(target, 1)).value()).isEqualTo(expected.value());
    }

    @Test
    void aPlanIsRefusedWhenTheTopicHasNotAllPartitionsOfTheArchive() throws IOException {
        String topic = archived();
        stand("fewer", topic, Map.of(0, 5L, 1, 6L));
        String target = topic + "-fewer";
        broker.createTopic(target, 1, Map.of("retention.ms", "-1"));
        replay(records(topic).stream().filter(record -> record.partition() == 0).toList(), target);
        Path saved = directory.resolve(target + "-saved.json");
        Path plan = directory.resolve(target + "-plan.json");
        String brokers = broker.bootstrapServers();
        firn("offsets", "save", saved.toString(), "--against", brokers, "--group", "fewer", "--topic", topic);

        assertThat(firn(
                        "offsets",
                        "plan",
                        table(topic),
                        target,
                        plan.toString(),
                        "--saved",
                        saved.toString(),
                        "--against",
                        brokers))
                .isEqualTo(CliCommand.FAILED);
        assertThat(messages()).contains(target + " has only 1 partitions");
        assertThat(plan).doesNotExist();
    }

    @Test
    void aPlanNamesTheOffsetsOfPartitionsThatTheArchiveDoesNotHave() throws IOException {
        String topic = archived();
        String target = newTopic();
        replay(records(topic), target);
        Path plan = directory.resolve(target + "-plan.json");
        String[] planning = {
            "offsets", "plan", table(topic), target, plan.toString(), "--against", broker.bootstrapServers()
        };
        try (Table table = Table.open(Path.of(table(topic)))) {
            table.topics().keepOffsets(topic, List.of(new GroupOffset("wider", topic, 7, 1_234)));
        }
        assertThat(firn(planning)).isEqualTo(CliCommand.USAGE);
        assertThat(messages()).contains("wider " + topic + "-7: 1234 is left out", "no group with an offset");
        assertThat(plan).doesNotExist();
        try (Table table = Table.open(Path.of(table(topic)))) {
            table.topics().keepOffsets(topic, List.of(new GroupOffset("wider", topic, 0, 0)));
        }

        assertThat(firn(planning)).as(this::messages).isEqualTo(CliCommand.DONE);

        assertThat(messages()).contains("wider " + topic + "-7: 1234 is left out", "wider " + target + "-0: 0 in the");
        assertThat(plan).content().contains("\"partition\" : 0").doesNotContain("\"partition\" : 7");
    }

    @Test
    void whatTheSinkKeepsIsWhatSaveWrites() throws IOException {
        String topic = archived();
        stand("alike", topic, Map.of(0, 5L, 1, 6L));
        Path saved = directory.resolve(topic + "-alike.json");
        firn(
                "offsets",
                "save",
                saved.toString(),
                "--against",
                broker.bootstrapServers(),
                "--group",
                "alike",
                "--topic",
                topic);
        try (Table table = Table.open(Path.of(table(topic)))) {
            table.topics()
                    .keepOffsets(
                            topic,
                            List.of(new GroupOffset("alike", topic, 1, 6), new GroupOffset("alike", topic, 0, 5)));
        }
        try (Stream<Path> files = Files.list(Path.of(table(topic), "_table", "topics"))) {
            assertThat(files.findFirst().orElseThrow()).hasSameBinaryContentAs(saved);
        }
    }

    @Test
    void changesNothingWhenAGroupIsActiveOrHasMoved() {
        String topic = archived();
        String target = newTopic();
        replay(records(topic), target);
        stand("live", topic, Map.of(0, 5L));
        String saved = directory.resolve(target + "-saved.json").toString();
        String plan = directory.resolve(target + "-plan.json").toString();
        String brokers = broker.bootstrapServers();
        firn("offsets", "save", saved, "--against", brokers, "--group", "live");
        assertThat(firn("offsets", "plan", table(topic), target, plan, "--saved", saved, "--against", brokers))
                .as(this::messages)
                .isEqualTo(CliCommand.DONE);
        try (KafkaConsumer<byte[], byte[]> member = consumer("live")) {
            member.subscribe(List.of(target));
            long until = System.nanoTime() + TIMEOUT.toNanos();
            while (member.assignment().isEmpty() && System.nanoTime() < until) {
                member.poll(Duration.ofMillis(200));
            }
            assertThat(firn("offsets", "apply", plan, "--against", brokers)).isEqualTo(CliCommand.FAILED);
            assertThat(messages()).contains("Nothing was changed: stop the consumers of live");
        }
        stand("live", target, Map.of(0, 17L));
        assertThat(firn("offsets", "apply", plan, "--against", brokers)).isEqualTo(CliCommand.FAILED);
        assertThat(messages()).contains("Nothing was changed: group live stands at 17");
        assertThat(firn("offsets", "plan", table(topic), target, plan, "--saved", saved, "--against", brokers))
                .as("a plan is never overwritten")
                .isEqualTo(CliCommand.FAILED);
        assertThat(messages()).contains("is there already");
        assertThat(directory.toFile().list((parent, name) -> name.endsWith(".tmp")))
                .isEmpty();
    }
}
