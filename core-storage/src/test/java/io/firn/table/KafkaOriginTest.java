package io.firn.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ConfigException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KafkaOriginTest {
    private static final KafkaOrigin ORIGIN = new KafkaOrigin("flights", 3, 0, "cluster", "id-1");

    @Test
    void survivesItsProperties() {
        assertThat(KafkaOrigin.of(ORIGIN.toProperties())).contains(ORIGIN);
    }

    @Test
    void isEmptyForLanesThatDoNotComeFromKafka() {
        assertThat(KafkaOrigin.of(Map.of("other", "1"))).isEmpty();
    }

    @Test
    void writerNamesDifferByTopicPartitionAndGeneration() {
        assertThat(ORIGIN.writerName()).isEqualTo("flights-3-g0");
        assertThat(ORIGIN.nextGeneration("cluster", "id-2"))
                .isEqualTo(new KafkaOrigin("flights", 3, 1, "cluster", "id-2"));
        assertThat(ORIGIN.nextGeneration("cluster", "id-2").writerName()).isNotEqualTo(ORIGIN.writerName());
    }

    @Test
    void takesIdsThatWereNotKnownAndKeepsThoseThatWere() {
        assertThat(new KafkaOrigin("t", 0, 0, "", "").withIds("c", "i"))
                .isEqualTo(new KafkaOrigin("t", 0, 0, "c", "i"));
        assertThat(ORIGIN.withIds("c", "i")).isEqualTo(ORIGIN);
    }

    @Test
    void refusesNumbersThatAreNone() {
        assertThatThrownBy(() -> KafkaOrigin.of(Map.of("kafka.topic", "t", "kafka.partition", "x")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("kafka.partition")
                .hasMessageContaining("'x'");
        assertThatThrownBy(() -> new KafkaOrigin("t", -1, 0, "", "")).isInstanceOf(ConfigException.class);
    }

    @Test
    void theNameOfASinksWriterTellsTopicPartitionAndGeneration() {
        KafkaOrigin origin = new KafkaOrigin("orders-1-g2", 30, 4, "cluster", "id");
        assertThat(KafkaOrigin.ofWriterName(origin.writerName()))
                .contains(new KafkaOrigin("orders-1-g2", 30, 4, "", ""));
        assertThat(KafkaOrigin.ofWriterName("main")).isEmpty();
        assertThat(KafkaOrigin.ofWriterName("orders-1-g99999999999")).isEmpty();
    }
}
