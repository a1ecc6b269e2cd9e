package io.firn.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.connect.sink.CaptureJob.Watched;
import io.firn.testing.FaultyFileStore;
import io.firn.testing.InMemoryFileStore;
import io.firn.topic.CapturedTopic;
import io.firn.topic.CapturedTopic.Setting;
import io.firn.topic.TableTopics;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TopicConfigCaptureTest {
    private static final Path TABLE = Path.of("/t");
    private static final Path DIRECTORY = TABLE.resolve("topics");

    private final FaultyFileStore store = new FaultyFileStore(new InMemoryFileStore());
    private final Map<String, CapturedTopic> cluster = new HashMap<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final TopicConfigCapture capture = new TopicConfigCapture(this::answer);
    private TableTopics files = new TableTopics(store, DIRECTORY);

    @BeforeEach
    void createTable() {
        store.createDirectory(TABLE);
        files = new TableTopics(store, DIRECTORY);
    }

    private TopicSource.Answers answer(Set<String> topics) {
        asked.incrementAndGet();
        Map<String, CapturedTopic> found = new HashMap<>(cluster);
        found.keySet().retainAll(topics);
        Map<String, String> problems = new HashMap<>();
        topics.stream().filter(topic -> !found.containsKey(topic)).forEach(topic -> problems.put(topic, "denied"));
        return new TopicSource.Answers(found, problems);
    }

    private static CapturedTopic topic(String name, String id, int partitions) {
        return new CapturedTopic(
                name, "c", id, 5, partitions, 1, List.of(new Setting("a", "b", CapturedTopic.OF_TOPIC)));
    }

    private Watched watched(String id) {
        return new Watched(files, id);
    }

    @Test
    void keepsWhatTheClusterSaysAndWhatChanges() throws Exception {
        cluster.put("t", topic("t", "1", 3));
        capture.run(Map.of("t", watched("1")));
        assertThat(files.find("t")).contains(topic("t", "1", 3));
        cluster.put("t", topic("t", "1", 4));
        capture.run(Map.of("t", watched("1")));
        assertThat(files.find("t")).contains(topic("t", "1", 4));
    }

    @Test
    void asksNothingWithoutTopics() throws Exception {
        capture.run(Map.of());
        assertThat(asked).hasValue(0);
    }

    @Test
    void aTopicThatWasMadeAgainWaitsUntilItsRecordsAreArchived() throws Exception {
        cluster.put("t", topic("t", "1", 3));
        capture.run(Map.of("t", watched("1")));
        cluster.put("t", topic("t", "2", 9));
        capture.run(Map.of("t", watched("1")));
        assertThat(files.find("t")).contains(topic("t", "1", 3));
        capture.run(Map.of("t", watched("2")));
        assertThat(files.find("t")).contains(topic("t", "2", 9));
    }

    @Test
    void aTopicWhoseIdIsNotKnownIsCaptured() throws Exception {
        cluster.put("t", topic("t", "1", 3));
        capture.run(Map.of("t", watched("")));
        assertThat(files.find("t")).contains(topic("t", "1", 3));
    }

    @Test
    void whatMayNotBeSeenKeepsNothingElseFromBeingCaptured() throws Exception {
        cluster.put("seen", topic("seen", "1", 3));
        capture.run(Map.of("seen", watched("1"), "denied", watched("2")));
        assertThat(files.find("seen")).isPresent();
        assertThat(files.find("denied")).isEmpty();
    }

    @Test
    void aDiskThatFailsIsTriedAgainTheNextTime() throws Exception {
        cluster.put("t", topic("t", "1", 3));
        store.limitSpace(10);
        capture.run(Map.of("t", watched("1")));
        assertThat(files.find("t")).isEmpty();
        store.heal();
        capture.run(Map.of("t", watched("1")));
        assertThat(files.find("t")).isPresent();
    }
}
