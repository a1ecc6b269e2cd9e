package io.firn.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.connect.testing.OptionsPage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The page of options is made from the definitions: run with {@code -Dfirn.update.docs=true} after a change. */
class SinkOptionsPageTest {
    private static final String INTRODUCTION = """
            # Options of the sink connector

            Generated from `FirnSinkConfig`. Options of the framework (`topics`, `tasks.max`, `errors.*`,
            converters, `consumer.override.*`) are those of Kafka Connect.

            Table options that stand in the connector's configuration are stored with the table, and a table that
            exists already takes them when a task starts (the log says `table option changed`). Options that do
            not stand there get their default when the table is made and are never changed afterwards, so options
            that were set with another tool stay. Written segments stay as they are.
            """;

    @Test
    void pageSaysWhatTheDefinitionsSay() throws IOException {
        OptionsPage page = new OptionsPage(
                Path.of("..", "docs", "options-sink.md"), INTRODUCTION, FirnSinkConfig.DEFINITION, Map.of());

        assertThat(page.onDisk()).isEqualTo(page.render());
    }
}
