package io.firn.connect.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.connect.source.LaneGroup.ArchivedLane;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LaneBalancerTest {
    private static final UUID TABLE = new UUID(1, 2);

    @Test
    void givesEveryGroupToExactlyOneTask() {
        List<LaneGroup> groups = groups(17, 1000);

        List<List<LaneGroup>> tasks = LaneBalancer.assign(groups, 4);

        assertThat(tasks).hasSize(4).noneMatch(List::isEmpty);
        assertThat(tasks.stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(groups);
    }

    @Test
    void neverHasMoreTasksThanGroups() {
        assertThat(LaneBalancer.assign(groups(3, 10), 8)).hasSize(3);
        assertThat(LaneBalancer.assign(List.of(), 8)).isEmpty();
    }

    @Test
    void balancesByBytes() {
        List<LaneGroup> groups = List.of(group(0, 900_000), group(1, 300_000), group(2, 300_000), group(3, 300_000));

        List<List<LaneGroup>> tasks = LaneBalancer.assign(groups, 2);

        assertThat(tasks.get(0)).containsExactly(groups.get(0));
        assertThat(tasks.get(1)).containsExactly(groups.get(1), groups.get(2), groups.get(3));
    }

    @Test
    void spreadsEmptyLanesAsWell() {
        assertThat(LaneBalancer.assign(groups(8, 1), 4))
                .allSatisfy(task -> assertThat(task).hasSize(2));
    }

    @Test
    void staysWithinFourThirdsOfTheMeanWhenNoGroupDominates() {
        Random random = new Random(20_010_101);
        List<LaneGroup> groups = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            groups.add(group(i, 1_000_000 + random.nextInt(1_000_000)));
        }
        long mean = groups.stream().mapToLong(LaneGroup::bytes).sum() / 7;

        assertThat(LaneBalancer.assign(groups, 7))
                .allSatisfy(task -> assertThat(
                                task.stream().mapToLong(LaneGroup::bytes).sum())
                        .isLessThan(mean * 4 / 3));
    }

    @Test
    void givesTheSameAnswerForTheSameGroupsInAnyOrder() {
        List<LaneGroup> shuffled = new ArrayList<>(groups(30, 5000));
        Collections.shuffle(shuffled, new Random(7));

        assertThat(LaneBalancer.assign(shuffled, 4)).isEqualTo(LaneBalancer.assign(groups(30, 5000), 4));
    }

    @Test
    void keepsTheGenerationsOfAKafkaPartitionTogetherOldestFirst() {
        List<LaneGroup> groups = LaneGroup.of(List.of(
                new ArchivedLane(lane("t-0.g1", 0, 1), 10),
                new ArchivedLane(lane("t-1.g0", 1, 0), 5),
                new ArchivedLane(lane("t-0.g0", 0, 0), 20)));

        assertThat(groups).hasSize(2);
        assertThat(groups.get(0).lanes()).extracting(ReplayLane::lane).containsExactly("t-0.g0", "t-0.g1");
        assertThat(groups.get(0).bytes()).isEqualTo(30);
        assertThat(groups.get(1).partition()).isEqualTo(1);
    }

    private static List<LaneGroup> groups(int count, int bytes) {
        List<LaneGroup> groups = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            groups.add(group(i, bytes));
        }
        return groups;
    }

    private static LaneGroup group(int partition, long bytes) {
        return new LaneGroup(List.of(lane("t-" + partition, partition, 0)), bytes);
    }

    private static ReplayLane lane(String name, int partition, int generation) {
        return new ReplayLane("t", TABLE, name, "t", partition, generation);
    }
}
