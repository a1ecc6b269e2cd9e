package io.firn.flink.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.flink.series.SeriesSplit.Position;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.junit.jupiter.api.Test;

/** How the time is divided, and the form of its parts in checkpoints. */
class SeriesSplitsTest {
    @Test
    void partsCoverTheRangeWithoutGapOrOverlap() {
        check(0, 1, 5, 1);
        check(0, 10, 3, 3);
        check(-7, 8, 4, 4);
        check(0, 10, 0, 1);
        check(0, 100, 100, 100);
        check(Long.MIN_VALUE, Long.MAX_VALUE, 3, 3);
        check(-5, Long.MAX_VALUE, 7, 7);
        check(0, Long.MAX_VALUE, Long.MAX_VALUE, SeriesPlan.MAX_SPLITS);
    }

    private static void check(long from, long to, long count, int expected) {
        List<SeriesSplit> splits = SeriesPlan.divide(from, to, count);
        assertThat(splits).hasSize(expected);
        long next = from;
        for (SeriesSplit split : splits) {
            assertThat(split.from()).isEqualTo(next).isLessThan(split.to());
            next = split.to();
        }
        assertThat(next).isEqualTo(to);
        assertThat(splits).extracting(SeriesSplit::splitId).doesNotHaveDuplicates();
    }

    @Test
    void stateComesBackAsItWas() throws IOException {
        SeriesSplit fresh = new SeriesSplit("a", Long.MIN_VALUE, Long.MAX_VALUE, Optional.empty());
        SeriesSplit begun = fresh.behind(new Position(List.of("host", "k\u00f6ln", "x", "y"), -7));
        SeriesSplitSerializer splits = new SeriesSplitSerializer();
        for (SeriesSplit split : List.of(fresh, begun)) {
            assertThat(splits.deserialize(splits.getVersion(), splits.serialize(split)))
                    .isEqualTo(split);
        }
        SeriesEnumeratorStateSerializer states = new SeriesEnumeratorStateSerializer();
        for (SeriesEnumeratorState state :
                List.of(SeriesEnumeratorState.NEW, new SeriesEnumeratorState(true, List.of(begun, fresh)))) {
            assertThat(states.deserialize(states.getVersion(), states.serialize(state)))
                    .isEqualTo(state);
        }
        byte[] bytes = splits.serialize(fresh);
        assertThatThrownBy(() -> splits.deserialize(99, bytes)).hasMessageContaining("version 99");
    }

    /** The files were written by a program of its own, after the description of version 1. */
    @Test
    void checkpointsOfVersion1AreReadAndWrittenAsTheyWere() throws IOException {
        SeriesSplit fresh = new SeriesSplit("0", Long.MIN_VALUE, Long.MAX_VALUE, Optional.empty());
        Position position = new Position(List.of("__name__", "load", "host", "k\u00f6ln"), 1_700_000_000_010L);
        SeriesSplit begun = new SeriesSplit("1", 1_700_000_000_000L, 1_700_003_600_000L, Optional.of(position));
        checkFixture("split-new-v1.bin", new SeriesSplitSerializer(), fresh);
        checkFixture("split-v1.bin", new SeriesSplitSerializer(), begun);
        checkFixture(
                "enumerator-v1.bin",
                new SeriesEnumeratorStateSerializer(),
                new SeriesEnumeratorState(true, List.of(begun, fresh)));
    }

    private static <T> void checkFixture(String name, SimpleVersionedSerializer<T> serializer, T expected)
            throws IOException {
        try (InputStream in = SeriesSplitsTest.class.getResourceAsStream("/fixtures/series/" + name)) {
            assertThat(in).as(name).isNotNull();
            byte[] stored = in.readAllBytes();
            assertThat(serializer.deserialize(1, stored)).isEqualTo(expected);
            assertThat(serializer.serialize(expected)).isEqualTo(stored);
        }
    }
}
