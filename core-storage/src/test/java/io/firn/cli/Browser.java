package io.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * A headless Chromium that shows pages of files, each in a profile of its own. What it would load from a network goes
 * to a proxy that does not exist. Thread-safe.
 */
final class Browser {
    private static final int TIMEOUT_SECONDS = 120;
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
    private static final List<String> OPTIONS = List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
            "--proxy-server=http://127.0.0.1:9",
            "--proxy-bypass-list=<-loopback>");

    private final Path program;
    private final Path directory;

    private Browser(Path program, Path directory) {
        this.program = program;
        this.directory = directory;
    }

    /**
     * How a page is shown.
     *
     * @param width of the window in pixels, 500 or more
     * @param height of the window in pixels
     * @param dark whether the reader prefers dark pages
     */
    record View(int width, int height, boolean dark) {}

    /** Looks for one on the PATH; it will write into an existing directory. */
    static Optional<Browser> find(Path directory) {
        List<String> folders = Arrays.asList(System.getenv("PATH").split(File.pathSeparator, -1));
        return NAMES.stream()
                .flatMap(name -> folders.stream().map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .map(program -> new Browser(program, directory))
                .findFirst();
    }

    /** The tree of a page after it was loaded and its scripts have run, as HTML. */
    String dom(Path page, View view) throws IOException, InterruptedException {
        return Files.readString(run(view, "--dump-dom", page.toUri().toString()), StandardCharsets.UTF_8);
    }

    /** A picture of a page, also written to a file. */
    BufferedImage picture(Path page, View view, Path png) throws IOException, InterruptedException {
        Path output = run(view, "--screenshot=" + png, page.toUri().toString());
        assertThat(png).as(Files.readString(output)).exists();
        return ImageIO.read(png.toFile());
    }

    private Path run(View view, String... arguments) throws IOException, InterruptedException {
        Path profile = Files.createTempDirectory(directory, "profile");
        Path output = Files.createTempFile(directory, "browser", ".out");
        Path errors = Files.createTempFile(directory, "browser", ".err");
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(OPTIONS);
        command.add("--user-data-dir=" + profile);
        command.add("--window-size=" + view.width() + "," + view.height());
        if (view.dark()) {
            command.add("--force-dark-mode");
        }
        command.addAll(Stream.of(arguments).toList());
        Process process = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        try {
            assertThat(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS))
                    .as("the browser ends; it said: " + Files.readString(errors, StandardCharsets.ISO_8859_1))
                    .isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        assertThat(process.exitValue())
                .as(Files.readString(errors, StandardCharsets.ISO_8859_1))
                .isZero();
        return output;
    }
}
