package io.firn.connect.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.connect.testing.TopicDump;
import io.firn.connect.testing.TopicFeed;
import io.firn.connect.testing.Waiting;
import io.firn.table.Table;
import io.firn.topic.CapturedTopic;
import io.firn.topic.CapturedTopic.Setting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Target topics that are missing are made as the archived ones were, on a real worker. */
class TopicRestoreIT {
    private static final int RECORDS = 400;
    private static final int PARTITIONS = 4;
    private static final long START_MS = 978_307_200_000L;
    private static final String CREATE = "restore.create.topics";
    private static final String SETTING = "restore.create.topics.config.";

    @TempDir
    static Path directory;

    private static SourceWorld world;

    @BeforeAll
    static void startWorld() throws IOException {
        world = SourceWorld.start(directory);
        archive("plain", "max.message.bytes", "1234567", "segment.ms", "3600000");
        archive("short", "retention.ms", "86400000", "message.timestamp.type", "LogAppendTime");
        archive("compacted", "cleanup.policy", "compact");
        archive("foreign", "vendor.tiering.enable", "true");
        archive("wide");
        capture("wide", 3, PARTITIONS);
        feed("unknown");
        ArchiveFixture.archiveTopic(
                world.archive(), "dt:date=timestamp", world.broker().bootstrapServers(), "unknown");
    }

    @AfterAll
    static void closeWorld() {
        world.close();
    }

    @Test
    void createsWhatIsMissingAndLeavesAloneWhatIsThere() {
        world.broker().createTopic("wide-back", PARTITIONS, Map.of("segment.ms", "7200000"));
        Map<String, String> config = creating("plain,wide", "unused");
        config.remove("restore.topic.map");
        config.put("restore.topic.template", "${topic}-back");
        config.put("name", "back");
        assertThat(errors(config)).isEmpty();
        assertThat(topics()).doesNotContain("plain-back");
        world.rest().create("back", config);
        world.awaitRecords("back", "plain-back", RECORDS);
        world.awaitRecords("back", "wide-back", RECORDS);

        assertThat(world.dump("plain").differencesInContent(world.dump("plain-back")))
                .isEmpty();
        assertThat(partitions("plain-back")).isEqualTo(6);
        assertThat(ownSettings("plain-back"))
                .isEqualTo(Map.of("max.message.bytes", "1234567", "segment.ms", "3600000"));
        assertThat(partitions("wide-back")).isEqualTo(PARTITIONS);
        assertThat(ownSettings("wide-back")).isEqualTo(Map.of("segment.ms", "7200000"));
        assertThat(world.worker().logText()).contains("does not exist and will be created: topic='plain-back' (6");
        world.rest().delete("back");
    }

    @Test
    void whatWouldDestroyTheRecordsIsToldBeforeAnythingIsCreated() {
        Map<String, String> config = creating("short", "short-back");
        assertThat(failureOf("short-back", config))
                .contains("set " + SETTING + "retention.ms=-1")
                .contains("set " + SETTING + "message.timestamp.type=CreateTime");
        assertThat(failureOf("compacted-back", creating("compacted", "compacted-back")))
                .contains("would drop older records of a key; set " + SETTING + "cleanup.policy=delete");
        assertThat(topics()).doesNotContain("short-back", "compacted-back");

        config.put(SETTING + "retention.ms", "-1");
        config.put(SETTING + "message.timestamp.type", "");
        replay("short-back", config, RECORDS);
        assertThat(ownSettings("short-back")).isEqualTo(Map.of("retention.ms", "-1"));
        assertThat(consumed("short-back"))
                .allMatch(record -> record.timestamp() >= START_MS && record.timestamp() < START_MS + RECORDS * 1_000L);
    }

    @Test
    void theDefaultsOfTheTargetCountAlso() {
        ConfigResource everyBroker = new ConfigResource(ConfigResource.Type.BROKER, "");
        alter(everyBroker, new ConfigEntry("log.retention.ms", "86400000"), AlterConfigOp.OpType.SET);
        try {
            Map<String, String> config = creating("plain", "forgetful");
            Waiting.until(
                    "the default to count",
                    SourceWorld.TIMEOUT,
                    () -> failureOf("forgetful", config)
                            .contains("'forgetful' has retention.ms=86400000 and would delete the archived records"));
            assertThat(topics()).doesNotContain("forgetful");
        } finally {
            alter(everyBroker, new ConfigEntry("log.retention.ms", ""), AlterConfigOp.OpType.DELETE);
        }
    }

    @Test
    void aLenientPreflightCreatesAllTheSame() {
        Map<String, String> config = creating("compacted", "lenient");
        config.put("restore.preflight", "warn");
        replay("lenient", config, RECORDS);
        assertThat(ownSettings("lenient")).isEqualTo(Map.of("cleanup.policy", "compact"));
        config.put("restore.preflight", "off");
        config.put("name", "unseen");
        config.put("restore.topic.map", "compacted:unseen");
        replay("unseen", config, RECORDS);
        assertThat(partitions("unseen")).isEqualTo(6);
    }

    @Test
    void whatTheTargetDoesNotKnowIsAnErrorWithItsRemedy() {
        Map<String, String> config = creating("foreign", "foreign-back");
        assertThat(failureOf("foreign-back", config))
                .contains("refuse to create topic 'foreign-back'", "vendor.tiering.enable", SETTING + "<setting>");
        config.put(SETTING + "vendor.tiering.enable", "");
        replay("foreign-back", config, RECORDS);

        Map<String, String> wide = creating("wide", "wide-copy");
        assertThat(failureOf("wide-copy", wide))
                .contains("replication factor 3", "restore.create.topics.replication.factor");
        wide.put("restore.create.topics.replication.factor", "1");
        wide.put(SETTING + "min.insync.replicas", "2");
        assertThat(failureOf("wide-copy", wide)).contains("set " + SETTING + "min.insync.replicas=1");
        wide.remove(SETTING + "min.insync.replicas");
        wide.put("restore.preflight", "off");
        wide.put("restore.create.topics.replication.factor", "5");
        assertThat(failureOf("wide-copy", wide)).contains("Target topics cannot be created", "replication factor 5");
        assertThat(topics()).doesNotContain("wide-copy");
    }

    @Test
    void aTopicThatWasNeverCapturedIsNotGuessed() {
        Map<String, String> config = creating("unknown", "unknown-back");
        assertThat(failureOf("unknown-back", config))
                .contains("'unknown-back' does not exist and is not created: the archive does not know")
                .contains("create it with 4 partitions");
        assertThat(topics()).doesNotContain("unknown-back");
        world.createTopic("unknown-back", PARTITIONS);
        replay("unknown-back", config, RECORDS);
    }

    @Test
    void theModeSaysHowManyPartitionsAreCreated() {
        Map<String, String> folded = creating("plain", "folded-back");
        folded.put("restore.partition.mode", "modulo");
        folded.put("restore.partition.count", "2");
        replay("folded-back", folded, RECORDS);
        assertThat(partitions("folded-back")).isEqualTo(2);

        Map<String, String> asked = creating("plain", "asked-back");
        asked.put("restore.partition.mode", "modulo");
        asked.put("restore.partition.map", "plain:0=8");
        replay("asked-back", asked, RECORDS);
        assertThat(partitions("asked-back")).isEqualTo(9);
        assertThat(consumed("asked-back"))
                .extracting(ConsumerRecord::partition)
                .contains(1, 2, 3, 8)
                .doesNotContain(0);
    }

    @Test
    void aContinuousReplayCreatesTopicsThatAreNewInTheArchive() {
        Map<String, String> config = creating("grown*", "unused");
        config.put("name", "grown");
        config.remove("restore.topic.map");
        config.put("restore.topic.template", "${topic}-copy");
        config.put("restore.mode", "continuous");
        config.put("restore.discovery.interval.ms", "1000");
        world.rest().create("grown", config);
        archive("grown.late", "segment.ms", "3600000");
        world.awaitRecords("grown", "grown.late-copy", RECORDS);

        assertThat(ownSettings("grown.late-copy")).isEqualTo(Map.of("segment.ms", "3600000"));
        world.rest().delete("grown");
    }

    @Test
    void wrongValuesAreRefusedWithTheRemedy() {
        Map<String, String> config = creating("plain", "u");
        config.put(CREATE, "always");
        config.put("restore.create.topics.replication.factor", "-2");
        assertThat(errors(config))
                .anyMatch(error -> error.startsWith(CREATE + ": ") && error.contains("use one of off, captured"))
                .anyMatch(error -> error.startsWith("restore.create.topics.replication.factor: ")
                        && error.contains("at least -1"));
        config.put(CREATE, "captured");
        config.remove("restore.create.topics.replication.factor");
        config.remove("target.bootstrap.servers");
        assertThat(errors(config)).singleElement().asString().contains("set target.bootstrap.servers");
        config.put(CREATE, "off");
        config.put(SETTING + "retention.ms", "-1");
        assertThat(errors(config)).singleElement().asString().contains("restore.create.topics=captured");
    }

    private static List<String> errors(Map<String, String> config) {
        return world.rest().validationErrors(FirnSourceConnector.class.getName(), config);
    }

    /** Makes and archives a topic of its own, and says that it was configured like this. */
    private static void archive(String topic, String... settings) {
        feed(topic);
        ArchiveFixture.archiveTopic(
                world.archive(), "dt:date=timestamp", world.broker().bootstrapServers(), topic);
        capture(topic, 1, 6, settings);
    }

    private static void feed(String topic) {
        world.createTopic(topic, PARTITIONS);
        try (TopicFeed feed = TopicFeed.open(world.broker().bootstrapServers())) {
            for (int i = 0; i < RECORDS; i++) {
                feed.send(new ProducerRecord<>(
                        topic,
                        i % PARTITIONS,
                        START_MS + i * 1_000L,
                        ("key" + i).getBytes(StandardCharsets.UTF_8),
                        (topic + i).getBytes(StandardCharsets.UTF_8)));
            }
            feed.flush();
        }
    }

    private static void capture(String topic, int replicas, int partitions, String... settings) {
        List<Setting> captured = new ArrayList<>();
        captured.add(new Setting("compression.type", "lz4", "STATIC_BROKER_CONFIG"));
        for (int i = 0; i < settings.length; i += 2) {
            captured.add(new Setting(settings[i], settings[i + 1], CapturedTopic.OF_TOPIC));
        }
        try (Table table = Table.open(world.archive().resolve(topic))) {
            table.topics().keep(new CapturedTopic(topic, "c", "t", 1, partitions, replicas, captured));
        }
    }

    private static Map<String, String> creating(String topic, String target) {
        Map<String, String> config = world.config(topic, target);
        config.put("name", target);
        config.put(CREATE, "captured");
        return config;
    }

    private static void replay(String target, Map<String, String> config, int expected) {
        world.rest().create(target, config);
        world.awaitRecords(target, target, expected);
        world.rest().delete(target);
    }

    private static String failureOf(String connector, Map<String, String> config) {
        world.rest().create(connector, config);
        Waiting.until(
                "the failure of " + connector,
                SourceWorld.TIMEOUT,
                () -> world.rest().status(connector).toString().contains("FAILED"),
                () -> world.rest().status(connector).toString());
        String trace =
                world.rest().status(connector).path("connector").path("trace").asText();
        world.deleteWithStatus(connector);
        return trace;
    }

    private static Set<String> topics() {
        return world.broker().call(admin -> admin.listTopics().names());
    }

    private static int partitions(String topic) {
        TopicDescription description = world.broker()
                .call(admin -> admin.describeTopics(List.of(topic)).allTopicNames())
                .get(topic);
        return Objects.requireNonNull(description).partitions().size();
    }

    /** The settings that were made for the topic itself. */
    private static Map<String, String> ownSettings(String topic) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Map<String, String> own = new TreeMap<>();
        Config config = world.broker()
                .call(admin -> admin.describeConfigs(List.of(resource)).all())
                .get(resource);
        Objects.requireNonNull(config).entries().forEach(entry -> {
            if (entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG) {
                own.put(entry.name(), entry.value());
            }
        });
        return own;
    }

    private static void alter(ConfigResource resource, ConfigEntry entry, AlterConfigOp.OpType type) {
        world.broker()
                .call(admin -> admin.incrementalAlterConfigs(Map.of(resource, List.of(new AlterConfigOp(entry, type))))
                        .all());
    }

    private static List<ConsumerRecord<byte[], byte[]>> consumed(String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        TopicDump.forEach(world.broker().bootstrapServers(), topic, "read_committed", records::add);
        return records;
    }
}
