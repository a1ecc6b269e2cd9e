package io.firn.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.firn.error.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZstdLibraryTest {
    @TempDir
    private Path directory;

    @Test
    void loadsAsOftenAsOneLikes() {
        assertThatCode(() -> {
                    ZstdLibrary.ensureLoaded();
                    ZstdLibrary.ensureLoaded();
                })
                .doesNotThrowAnyException();
    }

    @Test
    void aFolderThatCannotTakeTheLibraryIsNamedWithTheRemedy() throws Exception {
        Path missing = directory.resolve("missing");
        String output = runLoader("-DZstdTempFolder=" + missing);
        assertThat(output).contains("ConfigException", missing.toString(), "-DZstdTempFolder=", "noexec");
    }

    @Test
    void aLibraryThatCannotBeLinkedIsNamedWithTheRemedy() throws Exception {
        Path broken = Files.writeString(directory.resolve("libzstd-broken.so"), "not a library");
        String output = runLoader("-DZstdNativePath=" + broken);
        assertThat(output).contains("ConfigException", "-DZstdNativePath=", broken.toString());
    }

    private String runLoader(String option) throws IOException, InterruptedException {
        Path log = directory.resolve("loader.log");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(
                        java, "-Xmx64m", option, "-cp", System.getProperty("java.class.path"), Loader.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("the loader ends").isTrue();
        return Files.readString(log);
    }

    /** Loads the library in a process of its own and prints what it is told. */
    static final class Loader {
        private Loader() {}

        public static void main(String[] arguments) {
            try {
                ZstdLibrary.ensureLoaded();
                System.out.println("loaded");
            } catch (ConfigException e) {
                System.out.println(e);
            }
        }
    }
}
