package io.firn.connect.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.UUID;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaskPlanTest {
    @Test
    void survivesTheTasksConfiguration() {
        UUID table = UUID.randomUUID();
        TaskPlan plan = new TaskPlan(
                "worker-1",
                List.of(
                        new LaneGroup(
                                List.of(
                                        new ReplayLane("flights", table, "flights-0~0011aabb", "flights", 0, 0),
                                        new ReplayLane("flights", table, "flights-0~0011aabc", "flights", 0, 1)),
                                Long.MAX_VALUE),
                        new LaneGroup(List.of(new ReplayLane("q\"\\\n", table, "%2F", "t", 3, 0)), 0)));

        assertThat(TaskPlan.parse(plan.toJson())).isEqualTo(plan);
        assertThat(plan.toJson()).doesNotContain("\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[]", "{\"host\":\"a\",\"groups\":[{}]}", "not json"})
    void refusesAnythingElse(String json) {
        assertThatThrownBy(() -> TaskPlan.parse(json))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining(TaskPlan.KEY);
    }
}
