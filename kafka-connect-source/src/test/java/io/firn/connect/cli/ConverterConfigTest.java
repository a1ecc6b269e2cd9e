package io.firn.connect.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.cli.CliCommand;
import io.firn.connect.source.ArchiveFixture;
import io.firn.record.StreamRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands say about converters that are missing or wrong, before they ask a cluster. */
class ConverterConfigTest {
    private static final String NOBODY = "127.0.0.1:1";

    @TempDir
    Path directory;

    private final CommandLineRun firn = new CommandLineRun();

    @BeforeEach
    void archive() {
        try (StructuredArchive archive = new StructuredArchive(directory, "t")) {
            archive.add("k", new SchemaAndValue(Schema.STRING_SCHEMA, "v"));
        }
    }

    private Path file(String... lines) throws IOException {
        return Files.write(directory.resolve("converters"), List.of(lines));
    }

    private String refused(String... more) {
        List<String> args =
                new ArrayList<>(List.of("verify", directory.resolve("t").toString(), "t-out", "--against", NOBODY));
        args.addAll(List.of(more));
        assertThat(firn.run(args.toArray(String[]::new))).as(firn::toString).isEqualTo(CliCommand.USAGE);
        assertThat(firn.messages()).as("one line").hasLineCount(1);
        return firn.messages();
    }

    private String refusedFile(String... lines) throws IOException {
        return refused("--converter-config", file(lines).toString());
    }

    @Test
    void aStructuredTableAsksForTheOption() {
        assertThat(refused())
                .contains("holds structured records", "--converter-config <file>", "key.converter", "topic t-out");
        String plan = directory.resolve("plan.json").toString();
        String table = directory.resolve("t").toString();
        assertThat(firn.run("offsets", "plan", table, "t-out", plan, "--against", NOBODY))
                .isEqualTo(CliCommand.USAGE);
        assertThat(firn.messages()).contains("--converter-config <file>");
    }

    @Test
    void theOptionsOfBytesAndOfStructuredRecordsDoNotMix() throws IOException {
        assertThat(refused(
                        "--registry-config",
                        file("schema.registry.url=http://x").toString()))
                .contains("--registry-config is for tables of bytes", "value.converter.schema.registry.url");
        try (ArchiveFixture bytes = ArchiveFixture.open(directory, "bytes", "dt:date=timestamp", "bytes", 0)) {
            bytes.append(0, 0, StreamRecord.atMillis(1).value(new byte[] {1}).build());
            bytes.commit();
        }
        String table = directory.resolve("bytes").toString();
        assertThat(firn.run("verify", table, "x", "--against", NOBODY, "--converter-config", "any"))
                .isEqualTo(CliCommand.USAGE);
        assertThat(firn.messages()).contains("--converter-config is for structured records", "leave it out");
    }

    @Test
    void whatIsMissingIsNamed() throws IOException {
        assertThat(refusedFile("key.converter=StringConverter", "value.convertor=JsonConverter"))
                .contains("converters: 'value.converter' is not set", "worker");
        assertThat(refusedFile("key.converter=StringConverter", "value.converter=io.acme.Secret"))
                .contains(
                        "value.converter=io.acme.Secret: there is no such class",
                        "FIRN_CLASSPATH",
                        "org.apache.kafka.connect.json.JsonConverter",
                        "org.apache.kafka.connect.converters.ByteArrayConverter");
        assertThat(refusedFile(
                        "key.converter=StringConverter", "value.converter=" + OddConverters.Incomplete.class.getName()))
                .contains("org/acme/Library", "FIRN_CLASSPATH");
        assertThat(refusedFile("key.converter=java.lang.String", "value.converter=JsonConverter"))
                .contains("key.converter=java.lang.String: the class is no org.apache.kafka.connect.storage.Converter");
        assertThat(refusedFile("key.converter=Json", "value.converter=Json", "value.converter.schemas.enable=maybe"))
                .contains("value.converter=Json: ", "maybe");
        String careless = OddConverters.Careless.class.getName();
        assertThat(refusedFile("key.converter=String", "value.converter=" + careless, "value.converter.secret=here"))
                .contains("value.converter=" + careless + " refuses its settings: ", "no secret at here");
        assertThat(OddConverters.Careless.open()).as("left open").isZero();
        assertThat(refusedFile("key.converter=String", "value.converter=io.firn.connect.avro.FirnAvroConverter"))
                .contains("Missing 'schema.registry.url'");
        assertThat(refusedFile("{\"key.converter\":")).contains("converters: ", "in line 2");
    }

    @Test
    void variablesAreResolvedByTheProvidersOfTheFile() throws IOException {
        Path secrets = Files.writeString(directory.resolve("secrets"), "which=Nowhere\n");
        assertThat(refusedFile(
                        "config.providers=f",
                        "config.providers.f.class=org.apache.kafka.common.config.provider.FileConfigProvider",
                        "key.converter=String",
                        "value.converter=io.acme.${f:" + secrets + ":which}"))
                .contains("value.converter=io.acme.Nowhere: there is no such class");
        assertThat(refusedFile("config.providers=f", "config.providers.f.class=io.acme.None", "key.converter=${f:a:b}"))
                .contains("io.acme.None");
    }

    @Test
    void jsonIsReadAsConnectShowsIt() throws IOException {
        assertThat(refusedFile("{\"name\":\"x\",\"config\":{\"key.converter\":\"String\"},\"tasks\":[]}"))
                .contains("'value.converter' is not set");
        assertThat(refusedFile(" {\"key.converter\":\"String\", \"value.converter\":\"io.acme.None\"}"))
                .contains("value.converter=io.acme.None");
    }

    @Test
    void theOptionGoesWithAgainst() throws IOException {
        String table = directory.resolve("t").toString();
        assertThat(firn.run("verify", table, "--converter-config", file().toString()))
                .isEqualTo(CliCommand.USAGE);
        assertThat(firn.messages()).contains("--converter-config go with --against");
    }
}
