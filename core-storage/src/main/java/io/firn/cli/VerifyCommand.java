package io.firn.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.lifecycle.verify.TableVerifier;
import io.firn.lifecycle.verify.VerifyReport;
import io.firn.table.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.ServiceLoader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code firn verify}. Confined to one thread. */
@Command(
        name = "verify",
        description = "Reads everything and checks every checksum, count, log and the catalog. Says what is damaged"
                + " (exit code 1) and changes nothing. With --against it compares every record with a live topic"
                + " instead.")
final class VerifyCommand implements CliCommand {
    @Mixin
    private final TableArgument argument = new TableArgument();

    @Mixin
    private final RateOption rate = new RateOption();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Parameters(index = "1", arity = "0..1", paramLabel = "<topic>", description = "With --against: the topic.")
    private String topic = "";

    @Option(
            names = "--against",
            paramLabel = "<brokers>",
            description = "Compare with a topic on these brokers, host:port separated by commas.")
    private String against = "";

    @Option(
            names = "--command-config",
            paramLabel = "<file>",
            description = "Properties of the Kafka client, for example security.protocol.")
    private Optional<Path> clientConfig = Optional.empty();

    @Option(
            names = "--original",
            description = "The topic is the one that was archived: offsets must be equal, too, and what it has deleted"
                    + " or not archived yet is no difference.")
    private boolean original;

    @Option(
            names = "--registry-config",
            paramLabel = "<file>",
            description = "Properties of the topic's schema registry (schema.registry.url and more): its ids may stand"
                    + " in place of the archived ones where they mean the same schemas.")
    private Optional<Path> registryConfig = Optional.empty();

    @Option(
            names = "--converter-config",
            paramLabel = "<file>",
            description = "For structured records: the converters that the topic was written with (key.converter,"
                    + " value.converter, header.converter and their settings), as in the connector's configuration;"
                    + " properties, or JSON.")
    private Optional<Path> converterConfig = Optional.empty();

    @Override
    public int run(CliContext context) throws IOException {
        checkOptions();
        try (Table table = argument.open(context)) {
            if (!against.isEmpty()) {
                return verifier().verify(context, table, liveTopic());
            }
            VerifyReport report = TableVerifier.verify(
                    table, rate.applyTo(LifecycleOptions.defaults()).bytesPerSecond());
            if (json) {
                JsonText.print(context, fields -> writeJson(fields, report));
            } else {
                printText(context, report);
            }
            return report.isSound() ? DONE : FAILED;
        }
    }

    private TopicVerifier.Topic liveTopic() {
        return new TopicVerifier.Topic(against, topic, clientConfig, original, registryConfig, converterConfig);
    }

    private void checkOptions() {
        if (against.isEmpty() != topic.isEmpty()) {
            throw new UsageException("--against <brokers> and <topic> go together");
        }
        if (!against.isEmpty() && json) {
            throw new UsageException("--json does not go with --against");
        }
        boolean comparing =
                original || clientConfig.isPresent() || registryConfig.isPresent() || converterConfig.isPresent();
        if (against.isEmpty() && comparing) {
            throw new UsageException(
                    "--original, --command-config, --registry-config and --converter-config go with --against");
        }
        if (original && registryConfig.isPresent()) {
            throw new UsageException("--registry-config does not go with --original: the archived topic has its ids");
        }
    }

    private static TopicVerifier verifier() {
        return ServiceLoader.load(TopicVerifier.class)
                .findFirst()
                .orElseThrow(() -> new UsageException("--against needs the source connector's jar and kafka-clients;"
                        + " build kafka-connect-source, or name both in FIRN_CLASSPATH"));
    }

    private static void printText(CliContext context, VerifyReport report) throws IOException {
        for (VerifyReport.Damage damage : report.damages()) {
            context.output().line((damage.unreadable() ? "could not be read: " : "damaged: ") + damage);
        }
        for (String note : report.notes()) {
            context.message("note: " + note);
        }
        context.output()
                .line(verdict(report) + ": " + Count.of(report.records(), "record") + " in "
                        + Count.of(report.files(), "file") + " of " + Count.of(report.lanes(), "writer") + ", "
                        + report.sizeBytes() + " bytes read");
    }

    /** What is wrong in a few words; what could not be read is counted apart. */
    static String verdict(VerifyReport report) {
        int unreadable = report.unreadable();
        String damages = Count.of(report.damages().size() - unreadable, "damage");
        String unread = unreadable == 0 ? "" : ", " + Count.of(unreadable, "file") + " could not be read";
        return report.isSound() ? "sound" : damages + unread;
    }

    private static void writeJson(JsonGenerator json, VerifyReport report) throws IOException {
        json.writeBooleanField("sound", report.isSound());
        json.writeNumberField("records", report.records());
        json.writeNumberField("files", report.files());
        json.writeNumberField("writers", report.lanes());
        json.writeNumberField("sizeBytes", report.sizeBytes());
        JsonText.array(json, "damages", report.damages(), (fields, damage) -> {
            fields.writeStringField("path", damage.path());
            fields.writeNumberField("offset", damage.offset());
            fields.writeStringField("reason", damage.reason());
            fields.writeBooleanField("unreadable", damage.unreadable());
        });
        JsonText.strings(json, "notes", report.notes());
    }
}
