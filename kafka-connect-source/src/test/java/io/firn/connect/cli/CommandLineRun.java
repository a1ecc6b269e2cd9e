package io.firn.connect.cli;

import io.firn.cli.Main;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The command line in this JVM, and what it printed last. Confined to one thread. */
public final class CommandLineRun {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream messages = new ByteArrayOutputStream();

    /** Runs a command and returns its exit code. */
    public int run(String... args) {
        out.reset();
        messages.reset();
        return Main.run(new ByteArrayInputStream(new byte[0]), out, messages, args);
    }

    /** Standard output of the last command. */
    public String output() {
        return out.toString(StandardCharsets.UTF_8);
    }

    /** Standard error of the last command. */
    public String messages() {
        return messages.toString(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return output() + messages();
    }
}
