package io.firn.connect.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.record.StreamRecord;
import io.firn.table.Table;
import io.firn.topic.CapturedTopic;
import io.firn.topic.CapturedTopic.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CreationPlanTest {
    @TempDir
    Path root;

    private final Map<String, String> config = new HashMap<>();

    private void archive(String topic, int partitions) {
        try (ArchiveFixture archive = ArchiveFixture.open(root, topic, "dt:date=timestamp", topic, 0)) {
            for (int partition = 0; partition < partitions; partition++) {
                archive.append(
                        partition,
                        0,
                        StreamRecord.atMillis(1).value(new byte[1]).build());
            }
            archive.commit();
        }
    }

    private void capture(String topic, int partitions, int replicas, String... settings) {
        List<Setting> list = new ArrayList<>();
        for (int i = 0; i < settings.length; i += 2) {
            list.add(new Setting(settings[i], settings[i + 1], CapturedTopic.OF_TOPIC));
        }
        list.add(new Setting("compression.type", "zstd", "STATIC_BROKER_CONFIG"));
        try (Table table = Table.open(root.resolve(topic))) {
            table.topics().keep(new CapturedTopic(topic, "", "", 0, partitions, replicas, list));
        }
    }

    private CreationPlan plan() {
        config.put("firn.path", root.toString());
        config.putIfAbsent("restore.create.topics", "captured");
        FirnSourceConfig parsed = new FirnSourceConfig(config);
        try (ArchivedTables tables = new ArchivedTables(parsed)) {
            tables.openAll(parsed.tables());
            return CreationPlan.of(
                    parsed, tables.byName(), new ArchiveSurvey(tables.byName(), parsed.topics()).groups());
        }
    }

    private TopicToCreate planned(String target) {
        return Objects.requireNonNull(plan().topics().get(target));
    }

    @Test
    void takesWhatWasCapturedOfTheTopicItselfUnderTheNameInTheTarget() {
        archive("a", 2);
        capture("a", 12, 3, "cleanup.policy", "compact", "leader.replication.throttled.replicas", "0:1");
        config.put("restore.topic.template", "${topic}-back");

        assertThat(plan().topics())
                .isEqualTo(Map.of("a-back", new TopicToCreate("a-back", 12, 3, Map.of("cleanup.policy", "compact"))));
    }

    @Test
    void plansNothingUnlessItIsAskedTo() {
        archive("a", 1);
        capture("a", 1, 1);
        config.put("restore.create.topics", "off");

        assertThat(plan()).isEqualTo(new CreationPlan(Map.of(), Map.of()));
    }

    @Test
    void settingsOfTheConfigurationStandAboveTheCapturedOnes() {
        archive("a", 1);
        capture("a", 1, 3, "retention.ms", "1000", "segment.ms", "7");
        config.put("restore.create.topics.config.retention.ms", "-1");
        config.put("restore.create.topics.config.segment.ms", " ");
        config.put("restore.create.topics.config.max.message.bytes", "9");
        config.put("restore.create.topics.replication.factor", "-1");

        TopicToCreate planned = planned("a");
        assertThat(planned.settings()).isEqualTo(Map.of("retention.ms", "-1", "max.message.bytes", "9"));
        assertThat(planned.toNewTopic().replicationFactor()).isEqualTo((short) -1);
        config.put("restore.create.topics.replication.factor", "2");
        assertThat(planned("a").toNewTopic().replicationFactor()).isEqualTo((short) 2);
    }

    @Test
    void topicsThatGoTogetherNeedTheSameSettingsAndGetTheHigherNumbers() {
        archive("a", 1);
        archive("b", 1);
        capture("a", 3, 1, "segment.ms", "7", "retention.ms", "5");
        capture("b", 5, 2, "segment.ms", "7");
        config.put("restore.topic.map", "*:both");

        assertThat(plan().topics()).isEmpty();
        assertThat(plan().impossible().get("both"))
                .contains("'a' and 'b' have different settings of retention.ms (5 and none;")
                .contains("restore.create.topics.config.retention.ms");
        config.put("restore.create.topics.config.retention.ms", "-1");
        assertThat(plan().topics().get("both"))
                .isEqualTo(new TopicToCreate("both", 5, 2, Map.of("segment.ms", "7", "retention.ms", "-1")));
    }

    @Test
    void theNumberOfPartitionsThatTheModeIsGivenCounts() {
        archive("a", 1);
        capture("a", 12, 1);
        config.put("restore.partition.count", "4");
        assertThat(planned("a").partitions()).isEqualTo(12);
        config.put("restore.partition.mode", "modulo");
        assertThat(planned("a").partitions()).isEqualTo(4);
        config.put("restore.partition.count", "0");
        assertThat(planned("a").partitions()).isEqualTo(12);
        assertThat(planned("a").withAtLeast(13).partitions()).isEqualTo(13);
    }

    @Test
    void saysWhatIsNotKnownAndWhatIsDamaged() throws IOException {
        archive("a", 1);
        assertThat(plan().impossible().get("a"))
                .contains("does not know how topic 'a' was configured", "topic.config.capture=on");
        capture("a", 1, 1);
        try (Stream<Path> files = Files.list(root.resolve("a/_table/topics"))) {
            Files.writeString(files.findFirst().orElseThrow(), "nothing");
        }
        assertThat(plan().impossible().get("a")).contains("Corrupt data in", "_table/topics");
    }

    @Test
    void aTopicThatCannotBeWrittenToIsToldWithTheRemedy() {
        TopicToCreate wanted = new TopicToCreate("t", 1, 1, Map.of("min.insync.replicas", "2"));
        TopicCreation creation = new TopicCreation(TopicCreation.Outcome.DONE, wanted.toTarget(), 1, "");

        assertThat(creation.problem(wanted))
                .contains("no record could be written", "set restore.create.topics.config.min.insync.replicas=1");
        assertThat(new TopicCreation(TopicCreation.Outcome.DONE, wanted.toTarget(), 2, "").problem(wanted))
                .isEmpty();
        assertThat(new TopicCreation(TopicCreation.Outcome.DONE, wanted.toTarget(), -1, "").problem(wanted))
                .isEmpty();
    }
}
