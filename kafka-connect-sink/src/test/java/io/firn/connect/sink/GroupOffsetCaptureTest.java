package io.firn.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.connect.sink.CaptureJob.Watched;
import io.firn.testing.FaultyFileStore;
import io.firn.testing.InMemoryFileStore;
import io.firn.topic.GroupOffset;
import io.firn.topic.TableTopics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GroupOffsetCaptureTest {
    private static final Path TABLE = Path.of("/t");

    private final FaultyFileStore store = new FaultyFileStore(new InMemoryFileStore());
    private final List<GroupOffset> cluster = new ArrayList<>();
    private final GroupOffsetCapture capture = new GroupOffsetCapture(this::answer, group -> group.startsWith("a"));
    private final TableTopics files = new TableTopics(store, TABLE.resolve("topics"));
    private int asked;

    @BeforeEach
    void createTable() {
        store.createDirectory(TABLE);
    }

    private GroupSource.Answers answer(Predicate<String> groups, Set<String> topics) {
        asked++;
        List<GroupOffset> offsets = cluster.stream()
                .filter(offset -> groups.test(offset.group()) && topics.contains(offset.topic()))
                .toList();
        return new GroupSource.Answers(offsets, Map.of("denied", "no right"));
    }

    @Test
    void keepsTheOffsetsOfEachTopicInItsTable() throws Exception {
        cluster.add(new GroupOffset("a1", "t", 0, 5));
        cluster.add(new GroupOffset("a1", "u", 0, 6));
        cluster.add(new GroupOffset("b", "t", 0, 7));
        capture.run(Map.of("t", new Watched(files, "")));
        assertThat(files.offsets("t")).containsExactly(new GroupOffset("a1", "t", 0, 5));
        assertThat(files.offsets("u")).isEmpty();
    }

    @Test
    void aClusterThatKnowsNoGroupTakesNothingAway() throws Exception {
        cluster.add(new GroupOffset("a1", "t", 0, 5));
        capture.run(Map.of("t", new Watched(files, "")));
        cluster.clear();
        capture.run(Map.of("t", new Watched(files, "")));
        assertThat(files.offsets("t")).hasSize(1);
    }

    @Test
    void asksNothingWithoutTopics() throws Exception {
        capture.run(Map.of());
        assertThat(asked).isZero();
    }

    @Test
    void aDiskThatFailsIsTriedAgainTheNextTime() throws Exception {
        cluster.add(new GroupOffset("a1", "t", 0, 5));
        store.limitSpace(10);
        capture.run(Map.of("t", new Watched(files, "")));
        assertThat(files.offsets("t")).isEmpty();
        store.heal();
        capture.run(Map.of("t", new Watched(files, "")));
        assertThat(files.offsets("t")).hasSize(1);
    }
}
