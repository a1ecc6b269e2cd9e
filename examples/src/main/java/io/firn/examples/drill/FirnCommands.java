package io.firn.examples.drill;

import io.firn.cli.CliCommand;
import io.firn.cli.Main;
import io.firn.examples.Progress;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;

/**
 * Runs the {@code firn} command line inside this process and shows what a user would see.
 *
 * <p>Confined to one thread.
 */
final class FirnCommands {
    private final Progress progress;
    private final Path directory;

    /**
     * Creates a terminal.
     *
     * @param directory is left out of the paths that are shown
     */
    FirnCommands(Progress progress, Path directory) {
        this.progress = progress;
        this.directory = directory;
    }

    /**
     * Runs a command.
     *
     * @param command for example {@code verify %s}; words are separated by one space
     * @param arguments the words that are {@code %s}, in their order
     * @throws IllegalStateException when it fails
     */
    void run(String command, Object... arguments) {
        Iterator<Object> next = Arrays.asList(arguments).iterator();
        String[] texts = Arrays.stream(command.split(" ", -1))
                .map(word -> word.equals("%s") ? next.next().toString() : word)
                .toArray(String[]::new);
        String shown = String.join(" ", texts).replace(directory + "/", "");
        progress.print("    $ firn " + shown);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int code = Main.run(new ByteArrayInputStream(new byte[0]), out, out, texts);
        out.toString(StandardCharsets.UTF_8)
                .lines()
                .forEach(line -> progress.print("      " + line.replace(directory + "/", "")));
        if (code != CliCommand.DONE) {
            throw new IllegalStateException("firn " + shown + " ended with exit code " + code);
        }
    }
}
