package io.firn.connect.cli;

import io.firn.connect.testing.TestBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The commands that compare tables of structured records with topics. Confined to one thread. */
public final class TopicCommands {
    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    private final CommandLineRun firn = new CommandLineRun();
    private final TestBroker broker;
    private final Path archive;

    /** Commands for the tables of an archive, which are called as their topics. */
    public TopicCommands(TestBroker broker, Path archive) {
        this.broker = broker;
        this.archive = archive;
    }

    /** {@code firn verify --against}; returns the exit code. */
    public int verify(String topic, String target, Path converters, String... more) {
        List<String> args = new ArrayList<>(verifying(topic, target, converters));
        args.addAll(List.of(more));
        return run(args);
    }

    /** What the real {@code bin/firn} prints, in a process of its own with its own class path. */
    public String verifyInAProcess(String topic, String target, Path converters)
            throws IOException, InterruptedException {
        Path output = archive.resolveSibling("firn.out");
        List<String> command = new ArrayList<>(List.of("sh", "../bin/firn"));
        command.addAll(verifying(topic, target, converters));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (!process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("bin/firn does not end: " + Files.readString(output));
            }
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(output);
    }

    private List<String> verifying(String topic, String target, Path converters) {
        return List.of(
                "verify",
                table(topic),
                target,
                "--against",
                broker.bootstrapServers(),
                "--converter-config",
                converters.toString());
    }

    /** Moves a group from a topic to the one into which it was replayed; returns the exit code. */
    public int moveGroup(String group, String topic, String target, Path converters) {
        String saved = archive.resolveSibling("saved-" + group + ".json").toString();
        String plan = archive.resolveSibling("plan-" + group + ".json").toString();
        String brokers = broker.bootstrapServers();
        int code = run(List.of("offsets", "save", saved, "--group", group, "--against", brokers));
        if (code == 0) {
            List<String> planning = new ArrayList<>(List.of("offsets", "plan", table(topic), target, plan));
            planning.addAll(List.of("--saved", saved, "--against", brokers, "--converter-config"));
            planning.add(converters.toString());
            code = run(planning);
        }
        return code == 0 ? run(List.of("offsets", "apply", plan, "--against", brokers)) : code;
    }

    /** Runs any command; returns the exit code. */
    public int run(List<String> args) {
        return firn.run(args.toArray(String[]::new));
    }

    /** Standard output of the last command in this JVM. */
    public String output() {
        return firn.output();
    }

    /** Standard error of the last command in this JVM. */
    public String messages() {
        return firn.messages();
    }

    /** Directory of a table. */
    public String table(String topic) {
        return archive.resolve(topic).toString();
    }

    @Override
    public String toString() {
        return firn.toString();
    }
}
