package io.firn.connect.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaskTargetTest {
    @Test
    void survivesTheTasksConfiguration() {
        TaskTarget target = new TaskTarget(3, Map.of("a.b", 4, "c-d", 8));

        assertThat(TaskTarget.parse(target.toJson())).isEqualTo(target);
    }

    @Test
    void aTaskThatAnOlderConnectorPlannedHasNone() {
        assertThat(TaskTarget.of(Map.of())).isEqualTo(new TaskTarget(1, Map.of()));
        assertThat(TaskTarget.of(Map.of(TaskTarget.KEY, new TaskTarget(2, Map.of()).toJson())))
                .isEqualTo(new TaskTarget(2, Map.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[]", "{\"tasks\":1}", "not json"})
    void refusesAnythingElse(String json) {
        assertThatThrownBy(() -> TaskTarget.parse(json))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining(TaskTarget.KEY);
    }
}
