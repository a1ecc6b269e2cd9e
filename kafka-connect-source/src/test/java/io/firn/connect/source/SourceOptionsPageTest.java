package io.firn.connect.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.connect.testing.OptionsPage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The page of options is made from the definitions: run with {@code -Dfirn.update.docs=true} after a change. */
class SourceOptionsPageTest {
    private static final String INTRODUCTION = """
            # Options of the source connector

            Generated from `FirnSourceConfig`. Options of the framework (`tasks.max`, converters,
            `exactly.once.support`, `transaction.boundary`, `producer.override.*`, `topic.creation.*`) are those of
            Kafka Connect. Examples: [replay.md](replay.md).
            """;

    @Test
    void pageSaysWhatTheDefinitionsSay() throws IOException {
        OptionsPage page = new OptionsPage(
                Path.of("..", "docs", "options-source.md"),
                INTRODUCTION,
                FirnSourceConfig.DEFINITION,
                Map.of(
                        FirnSourceConfig.MEMORY, "a quarter of the heap, at most 256 MiB",
                        FirnSourceConfig.READ_AHEAD, "a sixteenth of the heap, at most 32 MiB"));

        assertThat(page.onDisk()).isEqualTo(page.render());
    }
}
