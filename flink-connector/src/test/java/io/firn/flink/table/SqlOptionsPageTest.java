package io.firn.flink.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.table.TableOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.description.HtmlFormatter;
import org.apache.flink.table.factories.FactoryUtil;
import org.junit.jupiter.api.Test;

/** The page of options is made from the factory's: run with {@code -Dfirn.update.docs=true} after a change. */
class SqlOptionsPageTest {
    private static final Path PAGE = Path.of("..", "docs", "options-sql.md");

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
                # Options of a SQL table

                Generated from `FirnTableOptions`. Beside these, `CREATE TABLE` takes every option of
                [options-table.md](options-table.md) under its name, and the options of the format under the format's.

                | option | default | meaning |
                |---|---|---|
                """);
        List<ConfigOption<?>> options = new ArrayList<>(new FirnTableFactory().requiredOptions());
        options.sort((left, right) -> right.key().compareTo(left.key()));
        options.addAll(FirnTableOptions.optional());
        for (ConfigOption<?> option : options) {
            if (TableOption.find(option.key()).isEmpty()) {
                page.append("| `%s` | %s | %s |\n".formatted(option.key(), defaultOf(option), meaningOf(option)));
            }
        }
        return page.toString();
    }

    private static String defaultOf(ConfigOption<?> option) {
        if (new FirnTableFactory().requiredOptions().contains(option)) {
            return "required";
        }
        String text = option.hasDefaultValue() ? option.defaultValue().toString() : "";
        return text.isEmpty() ? "" : "`" + text.toLowerCase(Locale.ROOT).replace('_', '-') + "`";
    }

    private static String meaningOf(ConfigOption<?> option) {
        if (option.equals(FactoryUtil.FORMAT)) {
            return "Format of the values: json, csv, avro, raw or any other that Flink finds.";
        }
        return new HtmlFormatter().format(option.description());
    }
}
