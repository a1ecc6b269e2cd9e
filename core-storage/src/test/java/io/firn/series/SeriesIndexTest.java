package io.firn.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ConfigException;
import io.firn.error.InvalidRecordException;
import io.firn.series.LabelMatcher.Kind;
import io.firn.testing.Randomized;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class SeriesIndexTest {
    private static final List<Kind> KINDS = List.of(Kind.values());
    private static final List<String> NAMES = List.of("a", "b", "c");

    @Test
    void theIndexFindsWhatAFullScanFinds() {
        Randomized.forAll(200, random -> {
            List<Labels> all = new ArrayList<>();
            SeriesIndex index = new SeriesIndex(new SymbolTable());
            int series = random.nextInt(120);
            for (int i = 0; i < series; i++) {
                Labels labels = labels(random);
                if (index.find(labels) == SeriesIndex.UNKNOWN) {
                    assertThat(index.add(labels)).isEqualTo(all.size());
                    all.add(labels);
                }
            }
            for (int ref = 0; ref < all.size(); ref++) {
                assertThat(index.find(all.get(ref))).isEqualTo(ref);
                assertThat(index.labels(ref)).isEqualTo(all.get(ref));
            }
            for (int i = 0; i < 20; i++) {
                List<LabelMatcher> matchers = matchers(random);
                List<Labels> expected = all.stream()
                        .filter(labels -> SeriesModel.allMatch(matchers, labels))
                        .sorted()
                        .toList();
                List<Labels> found = new ArrayList<>();
                for (int ref : index.sort(index.match(matchers))) {
                    found.add(index.labels(ref));
                }
                assertThat(found).as("%s of %s", matchers, all).isEqualTo(expected);
            }
        });
    }

    private static Labels labels(RandomGenerator random) {
        Map<String, String> map = new HashMap<>();
        for (String name : NAMES) {
            if (random.nextInt(3) > 0) {
                map.put(name, "v" + random.nextInt(5));
            }
        }
        return Labels.of(map);
    }

    private static List<LabelMatcher> matchers(RandomGenerator random) {
        List<LabelMatcher> matchers = new ArrayList<>();
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            Kind kind = KINDS.get(random.nextInt(KINDS.size()));
            String value = switch (random.nextInt(4)) {
                case 0 -> "";
                case 1 -> kind.isRegex() ? "v[0-2]|" : "v0";
                case 2 -> kind.isRegex() ? "v[1-9]" : "nothing";
                default -> "v" + random.nextInt(5);
            };
            matchers.add(
                    LabelMatcher.of(random.nextInt(8) == 0 ? "absent" : NAMES.get(random.nextInt(3)), kind, value));
        }
        return matchers;
    }

    @Test
    void labelSetsOfEqualHashAreToldApart() {
        Labels one = Labels.of("x", "Aa");
        Labels other = Labels.of("x", "BB");
        assertThat(one).hasSameHashCodeAs(other).isNotEqualTo(other);
        SeriesIndex index = new SeriesIndex(new SymbolTable());
        assertThat(index.add(one)).isZero();
        assertThat(index.find(other)).isEqualTo(SeriesIndex.UNKNOWN);
        assertThat(index.add(other)).isEqualTo(1);
        assertThat(index.find(one)).isZero();
        assertThat(index.find(other)).isEqualTo(1);
    }

    @Test
    void theOrderOfLabelsDoesNotMatter() {
        assertThat(Labels.of("b", "2", "a", "1")).isEqualTo(Labels.of("a", "1", "b", "2"));
        assertThat(Labels.of("b", "2", "a", "1")).hasToString("{a=\"1\", b=\"2\"}");
        assertThat(Labels.of("b", "2", "a", "1").get("b")).contains("2");
        assertThat(Labels.EMPTY).isEqualTo(Labels.of());
    }

    @Test
    void labelsWithoutSenseAreRefused() {
        assertThatThrownBy(() -> Labels.of("a")).isInstanceOf(InvalidRecordException.class);
        assertThatThrownBy(() -> Labels.of("", "x")).hasMessageContaining("name is empty");
        assertThatThrownBy(() -> Labels.of("a", "")).hasMessageContaining("value is empty");
        assertThatThrownBy(() -> Labels.of("a", "1", "a", "2")).hasMessageContaining("stands twice");
        assertThatThrownBy(() -> Labels.of("a", "x\ud800")).hasMessageContaining("surrogate");
        assertThat(Labels.of("a", "\ud83d\ude00").value(0)).hasSize(2);
    }

    /** It would be stored as another text, and mean that after a restart. */
    @Test
    void halfOfASurrogatePairIsRefusedWhereverTextIsStored() {
        for (Kind kind : KINDS) {
            assertThatThrownBy(() -> LabelMatcher.of("a", kind, "x\ud800"))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("surrogate");
            assertThatThrownBy(() -> LabelMatcher.of("\udc00", kind, "x")).isInstanceOf(ConfigException.class);
            assertThat(LabelMatcher.of("a", kind, "\ud83d\ude00").value()).hasSize(2);
        }
        assertThatThrownBy(() -> new SeriesBatch().mark("\ud800", 1))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageContaining("surrogate");
        assertThat(new SeriesBatch().mark("\ud83d\ude00", 1).marks()).hasSize(1);
    }

    @Test
    void expressionsMatchWholeValuesAndAreBounded() {
        assertThat(LabelMatcher.regex("a", "b").matches("abc")).isFalse();
        assertThat(LabelMatcher.regex("a", "b|abc").matches("abc")).isTrue();
        assertThat(LabelMatcher.regex("a", ".*").matches("x\ny")).isTrue();
        assertThat(LabelMatcher.notRegex("a", "b").matches("")).isTrue();
        assertThat(LabelMatcher.notEqual("a", "b").matches("")).isTrue();
        assertThatThrownBy(() -> LabelMatcher.regex("a", "("))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("invalid");
        assertThatThrownBy(() -> LabelMatcher.regex("a", "x".repeat(LabelMatcher.MAX_PATTERN_LENGTH + 1)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("4097 characters");
        LabelMatcher endless = LabelMatcher.regex("a", "(.*x){12}z");
        assertThatThrownBy(() -> endless.matches("x".repeat(60)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("was stopped");
        LabelMatcher deep = LabelMatcher.regex("a", "((a|b)|(c|d))*x");
        assertThatThrownBy(() -> deep.matches("ab".repeat(50_000)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("was stopped");
    }
}
