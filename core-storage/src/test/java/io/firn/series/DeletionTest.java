package io.firn.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ConfigException;
import io.firn.testing.InMemoryFileStore;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Deletions by expressions that some value stops: none of them makes a store unreadable. */
class DeletionTest {
    private static final LabelMatcher NAME = LabelMatcher.equal("s", "cpu");
    private static final Labels SHORT = Labels.of("s", "cpu", "host", "b");
    private static final Labels LONG = Labels.of("s", "cpu", "host", "a".repeat(400));
    /** Stopped at the long value. */
    private static final LabelMatcher SLOW = LabelMatcher.regex("host", "b|.*.*.*.*.*x");

    private static final TimeRange FIRST = new TimeRange(0, 100);

    private final StoreFixture fixture = new StoreFixture(new InMemoryFileStore());
    private final SeriesModel model = new SeriesModel();

    private void write(SeriesStore store, long timestamp, Labels... series) {
        SeriesBatch batch = new SeriesBatch();
        for (Labels labels : series) {
            batch.add(labels, SeriesType.GAUGE, timestamp, (double) timestamp);
        }
        store.write(batch);
        model.write(batch);
    }

    private void assertRefused(SeriesStore store, LabelMatcher expression, TimeRange range) {
        assertThatThrownBy(() -> store.delete(List.of(NAME, expression), range))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("was stopped");
        assertThat(store.stats().tombstones()).isZero();
        assertShown(store);
    }

    private void assertShown(SeriesStore store) {
        assertThat(SeriesModel.all(store)).isEqualTo(model.all());
    }

    @ParameterizedTest
    @ValueSource(strings = {"b|.*.*.*.*.*x", "b|((a|c)|(d|e))*x"})
    void anExpressionThatIsStoppedAtAValueOfTheHeadDeletesNothing(String expression) {
        Labels large = Labels.of("s", "cpu", "host", "a".repeat(8_192));
        fixture.with("label.value.max.length", "8192");
        try (SeriesStore store = fixture.open()) {
            write(store, 1, SHORT, large);
            assertRefused(store, LabelMatcher.regex("host", expression), TimeRange.ALL);
            assertRefused(store, LabelMatcher.notRegex("host", expression), FIRST);
        }
        try (SeriesStore store = fixture.open()) {
            assertShown(store);
            write(store, 2, SHORT);
            List<LabelMatcher> quick = List.of(NAME, LabelMatcher.regex("host", "b|x"));
            store.delete(quick, TimeRange.ALL);
            model.delete(quick, TimeRange.ALL);
            assertShown(store);
        }
    }

    @Test
    void anExpressionThatIsStoppedAtAValueOfABlockDeletesNothing() {
        try (SeriesStore store = fixture.open()) {
            write(store, 1, SHORT, LONG);
            store.cut();
            assertRefused(store, SLOW, TimeRange.ALL);
            assertRefused(store, LabelMatcher.notRegex("host", SLOW.value()), FIRST);
            store.compact();
            assertShown(store);
        }
    }

    @Test
    void aBlockOutsideOfTheRangeIsNotAskedAbout() {
        try (SeriesStore store = fixture.open()) {
            write(store, 100, SHORT, LONG);
            store.cut();
            write(store, 99, SHORT);
            store.delete(List.of(NAME, SLOW), FIRST);
            model.delete(List.of(NAME, LabelMatcher.equal("host", "b")), FIRST);
            assertShown(store);
            store.compact();
            assertShown(store);
        }
        try (SeriesStore store = fixture.open()) {
            assertShown(store);
        }
    }

    /** A record of the manifest that nobody could read would close the store for ever. */
    @Test
    void aDeletionWithVeryLongMatchersIsRefused() {
        try (SeriesStore store = fixture.open()) {
            write(store, 1, SHORT);
            LabelMatcher huge = LabelMatcher.equal("host", "x".repeat(1 << 20));
            assertThatThrownBy(() -> store.delete(List.of(NAME, huge), TimeRange.ALL))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("at most 1048576");
            assertThat(store.stats().tombstones()).isZero();
            assertShown(store);
        }
    }

    /** The thread that opens the store next may have less stack than the one that has deleted. */
    @Test
    void aDeletionThatMayBeNestedTooDeeplyIsRefused() {
        LabelMatcher nested = LabelMatcher.regex("host", "(?:".repeat(129) + "b" + ")".repeat(129));
        try (SeriesStore store = fixture.open()) {
            write(store, 1, SHORT);
            assertThatThrownBy(() -> store.delete(List.of(NAME, nested), TimeRange.ALL))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("129 opening brackets");
            assertShown(store);
            List<LabelMatcher> less = List.of(NAME, LabelMatcher.regex("host", "(b|[a-c])(b|)"));
            store.delete(less, TimeRange.ALL);
            model.delete(less, TimeRange.ALL);
            assertShown(store);
        }
    }

    /** Versions of before committed a deletion without trying it. */
    @Test
    void aStoreThatHoldsSuchADeletionKeepsWhatThatCannotDecideOn() {
        try (SeriesStore store = fixture.open()) {
            write(store, 1, SHORT, LONG);
            store.cut();
            write(store, 2, SHORT, LONG);
        }
        fixture.commit(new ManifestRecord.Deleted(
                new Tombstone(List.of(NAME, SLOW), TimeRange.ALL, 1, fixture.position("samples"))));
        model.delete(List.of(NAME, LabelMatcher.equal("host", "b")), TimeRange.ALL);
        try (SeriesStore store = fixture.open()) {
            assertShown(store);
            assertThat(store.stats().operations().failures()).isEqualTo(1);
            assertThat(store.stats().operations().lastFailure()).contains("does not choose", "was stopped");
            write(store, 3, SHORT, LONG);
            assertShown(store);
            try (SeriesReader reader = SeriesReader.open(StoreFixture.ROOT, fixture.options())) {
                assertThat(SeriesModel.lines(reader.select(NAME))).isEqualTo(model.all());
            }
            store.compact();
            assertShown(store);
            assertThat(store.stats().tombstones()).isZero();
        }
    }
}
