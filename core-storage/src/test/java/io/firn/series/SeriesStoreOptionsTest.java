package io.firn.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ConfigException;
import io.firn.series.codec.ValueCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SeriesStoreOptionsTest {
    private static final Path PAGE = Path.of("..", "docs", "series.md");
    private static final String FROM = "<!-- options -->\n";
    private static final String TO = "<!-- end of options -->\n";

    @Test
    void everyDefaultIsValid() {
        SeriesStoreOptions defaults = SeriesStoreOptions.defaults();
        assertThat(defaults.unit()).isEqualTo(TimestampUnit.MILLIS);
        assertThat(defaults.givenUnit()).isEmpty();
        assertThat(defaults.duration(SeriesOption.BLOCK_DURATION)).isEqualTo(Duration.ofHours(2));
        assertThat(defaults.optionalDuration(SeriesOption.RETENTION)).isEmpty();
        assertThat(defaults.commitRule()).isEqualTo(new CommitRule(Duration.ZERO, true));
    }

    @Test
    void optionsAreReadFromProperties() {
        SeriesStoreOptions options = SeriesStoreOptions.fromProperties(Map.of(
                "commit.every", "500ms", "retention", "30d", "codec.values", "gorilla", "head.max.bytes", "1MiB"));
        assertThat(options.commitRule()).isEqualTo(new CommitRule(Duration.ofMillis(500), true));
        assertThat(options.commitRule().isDue(499)).isFalse();
        assertThat(options.commitRule().isDue(500)).isTrue();
        assertThat(options.optionalDuration(SeriesOption.RETENTION)).contains(Duration.ofDays(30));
        assertThat(options.chunkOptions().values()).isEqualTo(ValueCodec.GORILLA);
        assertThat(options.number(SeriesOption.HEAD_MAX_BYTES)).isEqualTo(1 << 20);
        assertThat(CommitRule.parse("flush").isDue(Long.MAX_VALUE)).isFalse();
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertRefused("no.such.option", "1", "Unknown option 'no.such.option'", "commit.every");
        assertRefused("commit.every", "sometimes", "'sometimes'", "use write, flush or a duration");
        assertRefused("segment.size", "1KiB", "use 128KiB to 1GiB", "default 64MiB");
        assertRefused("head.max.samples", "many", "whole number");
        assertRefused("timestamp.unit", "h", "use s, ms, us or ns");
        assertRefused("retention", "0s", "more than 0");
        assertRefused("retention.reference", "moon", "newest", "clock", "earlier");
        assertRefused("take.over", "maybe", "true or false");
    }

    private static void assertRefused(String key, String text, String... said) {
        assertThatThrownBy(() -> SeriesStoreOptions.fromProperties(Map.of(key, text)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll(said);
    }

    @Test
    void timestampsOfAnyUnitAreMadeFromMilliseconds() {
        assertThat(TimestampUnit.SECONDS.ofMillis(-1)).isEqualTo(-1);
        assertThat(TimestampUnit.MILLIS.ofMillis(5)).isEqualTo(5);
        assertThat(TimestampUnit.NANOS.ofMillis(-3)).isEqualTo(-3_000_000);
        assertThat(TimestampUnit.NANOS.ofMillis(Long.MAX_VALUE / 2)).isEqualTo(Long.MAX_VALUE);
        assertThat(TimestampUnit.NANOS.ofMillis(Long.MIN_VALUE / 2)).isEqualTo(Long.MIN_VALUE);
    }

    /** The table of docs/series.md is made from {@link SeriesOption}: run with {@code -Dfirn.update.docs=true}. */
    @Test
    void pageSaysWhatTheOptionsSay() throws IOException {
        String page = Files.readString(PAGE);
        String before = page.substring(0, page.indexOf(FROM) + FROM.length());
        String after = page.substring(page.indexOf(TO));
        String expected = before + render() + after;
        if (Boolean.getBoolean("firn.update.docs")) {
            Files.writeString(PAGE, expected);
        }
        assertThat(Files.readString(PAGE)).isEqualTo(expected);
    }

    private static String render() {
        StringBuilder table = new StringBuilder("| option | default | meaning |\n|---|---|---|\n");
        for (SeriesOption option : SeriesOption.values()) {
            String defaultText = option.defaultText().isEmpty() ? "" : "`" + option.defaultText() + "`";
            table.append("| `")
                    .append(option.key())
                    .append("` | ")
                    .append(defaultText)
                    .append(" | ")
                    .append(option.documentation())
                    .append(" |\n");
        }
        return table.toString();
    }
}
