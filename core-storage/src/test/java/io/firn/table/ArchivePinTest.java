package io.firn.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ConfigException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchivePinTest {
    private static final UUID ID = UUID.fromString("0f0e0d0c-0b0a-4908-8706-050403020100");
    private static final TableEnvironment FILES = TableEnvironment.system();

    @TempDir
    Path directory;

    @Test
    void withoutAPinAnArchiveIsMade() {
        ArchiveRoot root = pin(" ").openOrCreate(FILES, directory.resolve("a"));

        pin("").check(FILES, directory.resolve("none"));

        assertThat(ArchiveRoot.open(directory.resolve("a")).orElseThrow().id()).isEqualTo(root.id());
    }

    @Test
    void anEmptyDirectoryIsRefusedAndStaysEmpty() {
        assertThatThrownBy(() -> pin(ID.toString()).openOrCreate(FILES, directory))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("sees no archive at " + directory)
                .hasMessageContaining("'firn.archive.id' asks for archive " + ID)
                .hasMessageContaining("firn archive-id " + directory + " --set " + ID);
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void anotherArchiveIsRefusedWithBothIds() {
        ArchiveRoot other = ArchiveRoot.openOrCreate(directory);

        assertThatThrownBy(() -> pin(ID.toString()).check(FILES, directory))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(other.id().toString())
                .hasMessageContaining(ID.toString())
                .hasMessageContaining("Mount the right disk");
    }

    @Test
    void theArchiveItselfIsOpened() {
        ArchiveRoot made = ArchiveRoot.openOrCreate(FILES, directory, ID);

        assertThat(made.id()).isEqualTo(ID);
        assertThat(pin(ID.toString().toUpperCase(Locale.ROOT))
                        .openOrCreate(FILES, directory)
                        .id())
                .isEqualTo(ID);
    }

    @Test
    void anIdThatIsThereStaysWhateverIsAskedFor() {
        ArchiveRoot first = ArchiveRoot.openOrCreate(FILES, directory, ID);

        assertThat(ArchiveRoot.openOrCreate(FILES, directory, UUID.randomUUID()).id())
                .isEqualTo(first.id());
    }

    @Test
    void whatIsNoIdIsRefusedWithTheRemedy() {
        for (String text : new String[] {"x", "1-1-1-1-1", "{" + ID + "}"}) {
            assertThatThrownBy(() -> pin(text))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("'" + text + "' for 'firn.archive.id'")
                    .hasMessageContaining("firn archive-id");
        }
    }

    private static ArchivePin pin(String text) {
        return ArchivePin.parse("firn.archive.id", text);
    }
}
