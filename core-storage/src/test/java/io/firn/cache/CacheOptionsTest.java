package io.firn.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CacheOptionsTest {
    private static final Path PAGE = Path.of("..", "docs", "options-cache.md");

    @Test
    void memoryIsTheOnlyLevelByDefault() {
        CacheOptions options = CacheOptions.defaults();
        assertThat(options.enabled()).isTrue();
        assertThat(options.l1MaxBytes())
                .isEqualTo(Math.min(32L << 20, Runtime.getRuntime().maxMemory() / 16));
        assertThat(options.l2()).isEqualTo(new LocalCacheOptions("", 1L << 30));
        assertThat(options.l3()).isEqualTo(new LocalCacheOptions("", 10L << 30));
        assertThat(options.l2().isOn()).isFalse();
        assertThat(options.l3().isOn()).isFalse();
        assertThat(options.promoteAfter()).isEqualTo(2);
        assertThat(options.prefetchMaxBytes()).isZero();
        assertThat(options.maintenanceIntervalMs()).isEqualTo(30_000);
    }

    @Test
    void readsEveryOptionFromText() {
        CacheOptions options = CacheOptions.fromProperties(Map.of(
                "enabled", "false",
                "l1.max.bytes", "64 KiB",
                "l2.path", "/cache/fast",
                "l2.max.bytes", "3MiB",
                "l3.path", "/cache/large",
                "l3.max.bytes", "5GiB",
                "promote.after", "7",
                "prefetch.max.bytes", "8MiB",
                "maintenance.interval.ms", "5000"));
        assertThat(options)
                .isEqualTo(new CacheOptions(
                        false,
                        64 << 10,
                        new LocalCacheOptions("/cache/fast", 3 << 20),
                        new LocalCacheOptions("/cache/large", 5L << 30),
                        7,
                        8 << 20,
                        5000));
        assertThat(options.l2().isOn()).isTrue();
        assertThat(new LocalCacheOptions("/cache", 0).isOn()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "enabled,maybe",
        "l1.max.bytes,-1",
        "l1.max.bytes,9999999999GiB",
        "l2.max.bytes,-1",
        "l2.max.bytes,much",
        "promote.after,0",
        "prefetch.max.bytes,-1",
        "maintenance.interval.ms,0",
        "l4.path,x"
    })
    void refusesNonsenseAndNamesIt(String key, String value) {
        assertThatThrownBy(() -> CacheOptions.fromProperties(Map.of(key, value)))
                .isInstanceOf(ConfigException.class)
                .hasMessageMatching(".*(" + key + "|" + value + ").*");
    }

    @Test
    void refusesOneDirectoryForTwoLevels() {
        assertThatThrownBy(() -> CacheOptions.fromProperties(Map.of("l2.path", "/c", "l3.path", "/c")))
                .isInstanceOf(ConfigException.class);
    }

    /** The page is made from {@link CacheOption}: run with {@code -Dfirn.update.docs=true} after a change. */
    @Test
    void pageSaysWhatTheOptionsSay() throws IOException {
        String page = render();
        if (Boolean.getBoolean("firn.update.docs")) {
            Files.writeString(PAGE, page);
        }
        assertThat(Files.readString(PAGE)).isEqualTo(page);
    }

    private static String render() {
        StringBuilder page = new StringBuilder("""
                # Options of the block cache

                Generated from `CacheOption`. Read by `CacheOptions.fromProperties`; a cache of these options serves
                tables by `TableEnvironment.withCache(CacheHierarchy.open(...))`. Sizes are bytes, also with KiB, MiB,
                GiB or TiB.
                What the levels do: [block cache](cache.md); their files: [format](format/cache.md).

                | option | default | meaning |
                |---|---|---|
                """);
        for (CacheOption option : CacheOption.values()) {
            String defaultText = option.defaultText().isEmpty() ? "" : "`" + option.defaultText() + "`";
            page.append("| `")
                    .append(option.key())
                    .append("` | ")
                    .append(defaultText)
                    .append(" | ")
                    .append(option.documentation())
                    .append(" |\n");
        }
        return page.toString();
    }
}
