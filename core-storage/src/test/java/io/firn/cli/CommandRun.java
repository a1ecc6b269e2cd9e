package io.firn.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * What a command did.
 *
 * @param code exit code
 * @param out standard output
 * @param messages standard error
 */
record CommandRun(int code, String out, String messages) {
    static CommandRun of(String... args) {
        return withInput("", args);
    }

    static CommandRun withInput(String input, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        int code = Main.run(new ByteArrayInputStream(input.getBytes(StandardCharsets.ISO_8859_1)), out, messages, args);
        return new CommandRun(
                code, out.toString(StandardCharsets.ISO_8859_1), messages.toString(StandardCharsets.UTF_8));
    }
}
