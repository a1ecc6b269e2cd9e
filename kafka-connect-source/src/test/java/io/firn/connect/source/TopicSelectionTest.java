package io.firn.connect.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicSelectionTest {
    @Test
    void selectsByNameAndPattern() {
        TopicSelection selection = TopicSelection.parse(List.of("flights", " eu.* ", "a?c"), List.of());

        assertThat(selection.includes("flights")).isTrue();
        assertThat(selection.includes("flights2")).isFalse();
        assertThat(selection.includes("eu.orders")).isTrue();
        assertThat(selection.includes("euXorders")).isFalse();
        assertThat(selection.includes("abc")).isTrue();
        assertThat(selection.includes("ac")).isFalse();
    }

    @Test
    void renamesOnlyWhatIsMapped() {
        TopicSelection selection = TopicSelection.parse(List.of("*"), List.of("flights:flights-replayed", " a : b "));

        assertThat(selection.target("flights")).isEqualTo("flights-replayed");
        assertThat(selection.target("a")).isEqualTo("b");
        assertThat(selection.target("orders")).isEqualTo("orders");
    }

    @Test
    void leavesOutWhatIsExcluded() {
        TopicSelection selection =
                TopicSelection.parse(List.of("eu.*"), List.of()).with(List.of("*.tmp", "eu.a"), "${topic}");

        assertThat(selection.includes("eu.b")).isTrue();
        assertThat(selection.includes("eu.a")).isFalse();
        assertThat(selection.includes("eu.b.tmp")).isFalse();
        assertThat(selection.includes("us.b")).isFalse();
    }

    @Test
    void namesByEntryThenByPatternThenByTemplate() {
        TopicSelection selection = TopicSelection.parse(List.of("*"), List.of("eu.*:europe", "eu.a:a", "e*:e"))
                .with(List.of(), "old-${topic}-replay");

        assertThat(selection.target("eu.a")).isEqualTo("a");
        assertThat(selection.target("eu.b")).isEqualTo("europe");
        assertThat(selection.target("exact")).isEqualTo("e");
        assertThat(selection.target("orders")).isEqualTo("old-orders-replay");
        assertThat(TopicSelection.parse(List.of("*"), List.of())
                        .with(List.of(), "all")
                        .target("x"))
                .isEqualTo("all");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "${topic", "$topic", "a b", ".", "${topic}/x"})
    void refusesTemplatesThatMakeNoTopicName(String template) {
        assertThatThrownBy(() -> TopicSelection.parseTemplate(template))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("${topic}-replay");
    }

    @ParameterizedTest
    @ValueSource(strings = {"flights", ":x", "flights:", "a:b c", "a:b:c", "a:..", "a:ä"})
    void refusesMapEntriesOfAnotherShape(String entry) {
        assertThatThrownBy(() -> TopicSelection.parseMap(List.of(entry)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + entry + "'")
                .hasMessageContaining("archived:target");
    }

    @Test
    void refusesATopicThatIsMappedTwice() {
        assertThatThrownBy(() -> TopicSelection.parseMap(List.of("a:b", "a:c")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'a' is mapped twice");
    }
}
