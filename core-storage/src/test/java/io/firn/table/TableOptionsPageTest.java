package io.firn.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The page of options is made from {@link TableOption}: run with {@code -Dfirn.update.docs=true} after a change. */
class TableOptionsPageTest {
    private static final Path PAGE = Path.of("..", "docs", "options-table.md");

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
                # Options of a table

                Generated from `TableOption`. Set them with `firn create --config option=value`, in a connector or job for every
                table, or as `firn.table.<table>.<option>` for one. They are stored with the table; all can be changed later
                unless the last column says no.

                | option | default | meaning | can change |
                |---|---|---|---|
                """);
        for (TableOption option : TableOption.values()) {
            String defaultText = option.defaultText().isEmpty() ? "" : "`" + option.defaultText() + "`";
            page.append("| `")
                    .append(option.key())
                    .append("` | ")
                    .append(defaultText)
                    .append(" | ")
                    .append(option.documentation())
                    .append(option.isMutable() ? " | yes |\n" : " | no |\n");
        }
        return page.toString();
    }
}
