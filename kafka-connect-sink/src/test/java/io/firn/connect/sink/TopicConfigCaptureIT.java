package io.firn.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.connect.testing.ConnectRest;
import io.firn.connect.testing.ConnectWorker;
import io.firn.connect.testing.TopicFeed;
import io.firn.connect.testing.Waiting;
import io.firn.table.Table;
import io.firn.topic.CapturedTopic;
import io.firn.topic.CapturedTopic.Setting;
import io.firn.topic.GroupOffset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the archived topics are configured goes into the archive, on a real worker and a broker with access control. */
class TopicConfigCaptureIT {
    private static final String WARNING = "configuration of topics is not captured";

    @TempDir
    static Path directory;

    private static SinkFixture fixture;
    private static ConnectWorker worker;

    @BeforeAll
    static void start() {
        fixture = SinkFixture.withBroker(
                directory,
                Map.of(
                        "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                        "allow.everyone.if.no.acl.found", "true"));
        worker = fixture.workerProcess().start();
    }

    @AfterAll
    static void stop() {
        worker.close();
        fixture.close();
    }

    @Test
    void partitionsReplicasAndSettingsOfATopicAreKeptAndRenewed() {
        fixture.broker().createTopic("kept", 3, Map.of("cleanup.policy", "compact", "max.message.bytes", "123456"));
        fixture.create(rest(), "kept", capturing("kept", 2));
        awaitCaptured("kept", topic -> topic.partitions() == 3);

        CapturedTopic captured = captured("kept").orElseThrow();
        assertThat(captured.topicId())
                .isEqualTo(fixture.broker().topicId("kept").toString());
        assertThat(captured.clusterId()).isEqualTo(fixture.broker().clusterId());
        assertThat(captured.replicationFactor()).isEqualTo(1);
        assertThat(captured.settings())
                .contains(
                        new Setting("cleanup.policy", "compact", CapturedTopic.OF_TOPIC),
                        new Setting("max.message.bytes", "123456", CapturedTopic.OF_TOPIC),
                        new Setting("retention.ms", "-1", "STATIC_BROKER_CONFIG"))
                .noneMatch(setting -> setting.name().equals("segment.ms"));

        fixture.broker()
                .call(admin -> admin.createPartitions(Map.of("kept", NewPartitions.increaseTo(5)))
                        .all());
        set("kept", "retention.ms", "86400000");
        awaitCaptured(
                "kept",
                topic -> topic.partitions() == 5
                        && topic.settings().contains(new Setting("retention.ms", "86400000", CapturedTopic.OF_TOPIC)));
        rest().delete("kept");
    }

    @Test
    void withoutTheRightOneWarningIsLoggedAndArchivingGoesOn() {
        fixture.broker().createTopic("secret", 1, Map.of());
        AclBinding all = acl("secret", AclOperation.ALL, AclPermissionType.ALLOW);
        AclBinding deny = acl("secret", AclOperation.DESCRIBE_CONFIGS, AclPermissionType.DENY);
        fixture.broker().call(admin -> admin.createAcls(List.of(all, deny)).all());
        fixture.create(rest(), "secret", capturing("secret", 1));
        Waiting.until("the warning", SinkFixture.TIMEOUT, () -> warnings("secret") == 1, worker::logText);
        feed("secret");
        fixture.assertArchiveEqualsTopic("secret");
        assertThat(captured("secret")).isEmpty();

        fixture.broker()
                .call(admin -> admin.deleteAcls(List.of(deny.toFilter())).all());
        awaitCaptured("secret", topic -> topic.partitions() == 1);
        assertThat(warnings("secret")).isEqualTo(1);
        assertThat(rest().status("secret").toString()).contains("RUNNING").doesNotContain("FAILED");
        rest().delete("secret");
    }

    @Test
    void offsetsOfTheWantedGroupsAreKeptAndStayWhenTheClusterLosesThem() {
        fixture.broker().createTopic("grouped", 2, Map.of());
        feed("grouped");
        stand("app-1", Map.of(0, 300L, 1, 0L));
        stand("other", Map.of(0, 7L));
        Map<String, String> config = capturing("grouped", 1);
        config.put(CaptureOptions.GROUPS, "app-*");
        config.put(CaptureOptions.GROUPS_INTERVAL, "1000");
        fixture.create(rest(), "grouped", config);
        awaitOffsets(new GroupOffset("app-1", "grouped", 0, 300), new GroupOffset("app-1", "grouped", 1, 0));

        stand("app-1", Map.of(0, 400L));
        awaitOffsets(new GroupOffset("app-1", "grouped", 0, 400), new GroupOffset("app-1", "grouped", 1, 0));
        fixture.broker()
                .call(admin -> admin.deleteConsumerGroups(List.of("app-1")).all());
        stand("app-2", Map.of(1, 1L));
        awaitOffsets(
                new GroupOffset("app-1", "grouped", 0, 400),
                new GroupOffset("app-1", "grouped", 1, 0),
                new GroupOffset("app-2", "grouped", 1, 1));
        rest().delete("grouped");
    }

    private static void stand(String group, Map<Integer, Long> offsets) {
        Map<TopicPartition, OffsetAndMetadata> wanted = new HashMap<>();
        offsets.forEach((partition, offset) ->
                wanted.put(new TopicPartition("grouped", partition), new OffsetAndMetadata(offset)));
        fixture.broker()
                .call(admin -> admin.alterConsumerGroupOffsets(group, wanted).all());
    }

    private static void awaitOffsets(GroupOffset... expected) {
        Waiting.until(
                "the offsets of groups",
                SinkFixture.TIMEOUT,
                () -> offsets().equals(List.of(expected)),
                () -> offsets() + "\n" + worker.logText());
    }

    private static List<GroupOffset> offsets() {
        try (Table table = Table.open(fixture.table("grouped"))) {
            return table.topics().offsets("grouped");
        }
    }

    @Test
    void nothingIsKeptWhenItIsOffOrTheClusterCannotBeAsked() {
        for (String topic : List.of("off", "unasked")) {
            fixture.broker().createTopic(topic, 1, Map.of());
            Map<String, String> config = capturing(topic, 1);
            if (topic.equals("off")) {
                config.put(CaptureOptions.TOPIC_CONFIG, "off");
            } else {
                config.remove(CaptureOptions.TOPIC_CONFIG);
                config.remove(FirnSinkConfig.SOURCE_SERVERS);
            }
            fixture.create(rest(), topic, config);
            feed(topic);
            fixture.assertArchiveEqualsTopic(topic);
            assertThat(fixture.table(topic).resolve("_table/topics")).doesNotExist();
            rest().delete(topic);
        }
    }

    @Test
    void validationTellsWhatIsWrongWithTheRemedy() {
        Map<String, String> config = capturing("any", 1);
        config.put("name", "any");
        assertThat(errors(config)).isEmpty();
        config.remove(FirnSinkConfig.SOURCE_SERVERS);
        assertThat(errors(config)).singleElement().asString().contains("set source.bootstrap.servers");
        config.put(CaptureOptions.TOPIC_CONFIG, "yes");
        assertThat(errors(config)).singleElement().asString().contains("'yes'", "use one of on, off");
        config.put(CaptureOptions.TOPIC_CONFIG, "off");
        config.put(CaptureOptions.TOPIC_CONFIG_INTERVAL, "10");
        assertThat(errors(config)).singleElement().asString().contains("'10'", "at least 1000");
    }

    private static List<String> errors(Map<String, String> config) {
        return rest().validationErrors(FirnSinkConnector.class.getName(), config);
    }

    private static Map<String, String> capturing(String topic, int tasks) {
        Map<String, String> config = fixture.config(topic, tasks);
        config.put(CaptureOptions.TOPIC_CONFIG, "on");
        config.put(CaptureOptions.TOPIC_CONFIG_INTERVAL, "1000");
        return config;
    }

    private static Optional<CapturedTopic> captured(String topic) {
        try (Table table = Table.open(fixture.table(topic))) {
            return table.topics().find(topic);
        }
    }

    private static void awaitCaptured(String topic, Predicate<CapturedTopic> expected) {
        Waiting.until(
                "the configuration of " + topic,
                SinkFixture.TIMEOUT,
                () -> captured(topic).filter(expected).isPresent(),
                () -> captured(topic) + "\n" + worker.logText());
    }

    private static long warnings(String topic) {
        return worker.logText()
                .lines()
                .filter(line -> line.contains(WARNING) && line.contains("[" + topic + "]"))
                .count();
    }

    private static AclBinding acl(String topic, AclOperation operation, AclPermissionType permission) {
        return new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
                new AccessControlEntry("User:ANONYMOUS", "*", operation, permission));
    }

    private static void set(String topic, String name, String value) {
        fixture.broker()
                .call(admin -> admin.incrementalAlterConfigs(Map.of(
                                new ConfigResource(ConfigResource.Type.TOPIC, topic),
                                List.of(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET))))
                        .all());
    }

    private static void feed(String topic) {
        try (TopicFeed feed = fixture.feed()) {
            for (int i = 0; i < 500; i++) {
                feed.send(new ProducerRecord<>(
                        topic, 0, 978_307_200_000L, null, ("{\"n\":" + i + "}").getBytes(StandardCharsets.UTF_8)));
            }
        }
    }

    private static ConnectRest rest() {
        return worker.rest();
    }
}
