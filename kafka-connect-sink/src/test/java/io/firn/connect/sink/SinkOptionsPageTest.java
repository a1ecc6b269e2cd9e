package io.firn.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;

/** The page of options is made from the definitions: run with {@code -Dfirn.update.docs=true} after a change. */
class SinkOptionsPageTest {
    private static final Path PAGE = Path.of("..", "docs", "options-sink.md");

    @Test
    void pageSaysWhatTheDefinitionsSay() throws IOException {
        String page = render();
        if (Boolean.getBoolean("firn.update.docs")) {
            Files.writeString(PAGE, page);
        }

        assertThat(Files.readString(PAGE)).isEqualTo(page);
    }

    private static String render() {
        StringBuilder page = new StringBuilder("""
                # Options of the sink connector

                Generated from `FirnSinkConfig`. Options of the framework (`topics`, `tasks.max`, `errors.*`,
                converters, `consumer.override.*`) are those of Kafka Connect.

                Table options that stand in the connector's configuration are stored with the table, and a table that
                exists already takes them when a task starts (the log says `table option changed`). Options that do
                not stand there get their default when the table is made and are never changed afterwards, so options
                that were set with another tool stay. Written segments stay as they are.
                """);
        String group = "";
        for (ConfigDef.ConfigKey key : keys()) {
            if (!key.group.equals(group)) {
                group = key.group;
                page.append("\n## ").append(group).append("\n\n| option | default | meaning |\n|---|---|---|\n");
            }
            page.append("| `")
                    .append(key.name)
                    .append("` | ")
                    .append(defaultOf(key))
                    .append(" | ")
                    .append(key.documentation.replace("|", "\\|"))
                    .append(" |\n");
        }
        return page.toString();
    }

    private static List<ConfigDef.ConfigKey> keys() {
        return FirnSinkConfig.DEFINITION.configKeys().values().stream()
                .filter(key -> !key.internalConfig)
                .toList();
    }

    private static String defaultOf(ConfigDef.ConfigKey key) {
        if (!key.hasDefault()) {
            return "required";
        }
        return key.defaultValue == null ? "" : "`" + key.defaultValue + "`";
    }
}
