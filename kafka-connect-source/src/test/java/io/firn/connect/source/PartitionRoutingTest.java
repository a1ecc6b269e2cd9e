package io.firn.connect.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.connect.source.PartitionRouting.Route;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionRoutingTest {
    private static final byte[] KEY = "ATL".getBytes(StandardCharsets.UTF_8);

    @Test
    void preserveKeepsThePartition() {
        Route route = routing("preserve", Map.of()).route("t", 7, "out");

        assertThat(route.keeps()).isTrue();
        assertThat(route.partition(KEY)).isEqualTo(7);
        assertThat(route.partition(null)).isEqualTo(7);
    }

    @Test
    void moduloFoldsPartitionsWhateverTheKey() {
        PartitionRouting routing = routing("modulo", Map.of("out", 3));

        assertThat(routing.route("t", 7, "out").partition(KEY)).isEqualTo(1);
        assertThat(routing.route("t", 2, "out").keeps()).isTrue();
        assertThat(routing.route("t", 3, "out").partition(null)).isZero();
    }

    @Test
    void fixedSendsEverythingToOnePartition() {
        PartitionRouting routing = routing("Fixed:3", Map.of());

        assertThat(routing.route("t", 7, "out").partition(KEY)).isEqualTo(3);
        assertThat(routing.route("u", 0, "out").partition(null)).isEqualTo(3);
    }

    @Test
    void keyHashIsThatOfTheProducer() {
        Random random = new Random(11);
        for (int count : new int[] {1, 2, 3, 16, 1000}) {
            Route route = routing("key-hash", Map.of("out", count)).route("t", 5, "out");
            for (int i = 0; i < 200; i++) {
                byte[] key = new byte[i % 20];
                random.nextBytes(key);
                assertThat(route.partition(key)).isEqualTo(BuiltInPartitioner.partitionForKey(key, count));
            }
            assertThat(route.partition(null)).isEqualTo(5 % count);
            assertThat(route.keeps()).isFalse();
        }
    }

    @Test
    void keyHashLeavesKeysThatAreNotBytesYetToTheProducer() {
        assertThat(routing("key-hash", Map.of("out", 4)).route("t", 5, "out").partition("a text"))
                .isNull();
    }

    @Test
    void keyHashLeavesKeysWhoseSchemaIdsAreRewrittenToTheProducer() {
        PartitionRouting routing = new PartitionRouting(
                PartitionMode.parse("key-hash"), OriginValues.parse(List.of(), 9), Map.of("out", 4), true);
        assertThat(routing.route("t", 5, "out").partition(KEY)).isNull();
        assertThat(routing.route("t", 5, "out").partition(null)).isEqualTo(1);
    }

    @Test
    void theMapComesBeforeEveryMode() {
        for (String mode : List.of("preserve", "modulo", "key-hash", "fixed:1")) {
            PartitionRouting routing = new PartitionRouting(
                    PartitionMode.parse(mode),
                    OriginValues.parse(List.of("t:0=5", "eu.*:*=6"), 9),
                    Map.of("out", 2),
                    false);
            assertThat(routing.route("t", 0, "out").partition(KEY)).as(mode).isEqualTo(5);
            assertThat(routing.route("eu.a", 3, "out").partition(KEY)).as(mode).isEqualTo(6);
        }
        assertThat(new PartitionRouting(
                                PartitionMode.parse("preserve"),
                                OriginValues.parse(List.of("t:0=5"), 9),
                                Map.of(),
                                false)
                        .route("t", 1, "out")
                        .keeps())
                .isTrue();
    }

    @Test
    void saysThatTheNumberOfPartitionsIsNotKnown() {
        assertThatThrownBy(() -> routing("modulo", Map.of("other", 3)).route("t", 0, "out"))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("'out'")
                .hasMessageContaining("restore.partition.mode=modulo")
                .hasMessageContaining("restore.partition.count");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "fixed", "fixed:", "fixed:-1", "fixed:x", "fixed:9999999999", "hash"})
    void refusesOtherModes(String text) {
        assertThatThrownBy(() -> PartitionMode.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("fixed:3");
    }

    @Test
    void writesAModeAsItIsRead() {
        for (String text : PartitionMode.EXAMPLES) {
            assertThat(PartitionMode.parse(text)).hasToString(text);
        }
    }

    @Test
    void loadCountsPartitionsAndTheLargestOne() {
        TargetLoad load = new TargetLoad();
        assertThat(load.partitions()).isEqualTo(1);
        load.add(new Route(0, 3, 0, false), 10);
        load.add(new Route(1, 3, 0, false), 15);
        assertThat(load.partitions()).isEqualTo(4);
        assertThat(load.bytesOfLargestPartition()).isEqualTo(25);
        load.add(new Route(2, 2, 8, false), 800);

        assertThat(load.partitions()).isEqualTo(8);
        assertThat(load.bytesOfLargestPartition()).isEqualTo(100);
    }

    private static PartitionRouting routing(String mode, Map<String, Integer> counts) {
        return new PartitionRouting(PartitionMode.parse(mode), OriginValues.parse(List.of(), 9), counts, false);
    }
}
