package io.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.partition.PartitionMapping;
import io.firn.record.StreamRecord;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableEnvironment;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code firn erase}, as a user types it. */
class EraseCommandTest {
    private static final PartitionMapping MAPPING = PartitionMapping.parse("d:date=timestamp");
    private static final List<String> KEYS = List.of("eve", "bob", "eve", "", "\u00e4");

    @TempDir
    Path directory;

    private String table = "";

    @BeforeEach
    void fillTable() {
        Path path = directory.resolve("people");
        table = path.toString();
        try (Table created = Table.create(
                        path, MAPPING.scheme(), TableConfig.builder().build(), TableEnvironment.system());
                TableWriter writer =
                        created.writer(WriterOptions.named("w").mapping(MAPPING).build())) {
            for (String key : KEYS) {
                writer.append(StreamRecord.atMillis(0)
                        .key(key.getBytes(StandardCharsets.UTF_8))
                        .value(("of " + key).getBytes(StandardCharsets.UTF_8))
                        .build());
            }
            writer.finish();
        }
    }

    @Test
    void erasesTheRecordsOfAKeyAndSaysWhatItCannotReach() {
        CommandRun dry = CommandRun.of("erase", table, "--key", "eve", "--dry-run");
        assertThat(dry.code()).as(dry.messages()).isZero();
        assertThat(dry.out()).isEqualTo("would erase 2 records from 1 files\n");
        assertThat(values()).containsExactly("of eve", "of bob", "of eve", "of ", "of \u00c3\u00a4");
        CommandRun run = CommandRun.of("erase", table, "--key", "eve");
        assertThat(run.code()).as(run.messages()).isZero();
        assertThat(run.out()).startsWith("erased 2 records from 1 files; deleted 1 files in ");
        assertThat(run.messages())
                .contains("Not erased: backups", "Kafka topic", "blocks")
                .doesNotContain("eve");
        assertThat(values()).containsExactly("of bob", "of ", "of \u00c3\u00a4");
        assertThat(CommandRun.of("verify", table).out()).startsWith("sound: 3 records");
    }

    @Test
    void takesKeysInHexInBase64AndFromAFile() throws IOException {
        Path file = directory.resolve("keys");
        Files.writeString(file, "626f62\r\n\n");
        CommandRun run = CommandRun.of(
                "erase",
                table,
                "--key-hex",
                "657665",
                "--key-base64",
                "w6Q=",
                "--keys-from",
                file.toString(),
                "--keys-format",
                "hex",
                "--json");
        assertThat(run.code()).as(run.messages()).isZero();
        assertThat(run.out()).contains("\"records\":4", "\"files\":1", "\"openRecords\":0", "\"dryRun\":false");
        assertThat(values()).containsExactly("of ");
        assertThat(CommandRun.of("erase", table, "--key", "").code()).isZero();
        assertThat(values()).isEmpty();
    }

    @Test
    void onlyInSomePartitions() {
        CommandRun run = CommandRun.of("erase", table, "--key", "eve", "--where", "d = '1970-01-02'");
        assertThat(run.out()).startsWith("erased 0 records");
        assertThat(values()).hasSize(5);
    }

    @Test
    void wrongKeysAreUsageErrorsThatDoNotRepeatThem() {
        assertThat(CommandRun.of("erase", table).code()).isEqualTo(2);
        assertThat(CommandRun.of("erase", table).messages()).contains("--keys-from");
        CommandRun wrong = CommandRun.of("erase", table, "--key-hex", "secret");
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.messages()).contains("--key-hex", "not valid hex").doesNotContain("secret");
        assertThat(CommandRun.of(
                                "erase",
                                table,
                                "--keys-from",
                                directory.resolve("none").toString())
                        .code())
                .isEqualTo(1);
        assertThat(values()).hasSize(5);
    }

    private List<String> values() {
        return CommandRun.of("cat", table).out().lines().toList();
    }
}
