package io.firn.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ConfigException;
import io.firn.record.RecordHeader;
import io.firn.record.StreamRecord;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableReader;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordFilterTest {
    @TempDir
    static Path directory;

    private static Table table;

    @BeforeAll
    static void writeRecords() {
        List<@Nullable String> keys = Arrays.asList(null, "", "a", "b", "é", "a");
        List<List<RecordHeader>> headers = List.of(
                List.of(),
                List.of(new RecordHeader("y", bytes("1"))),
                List.of(new RecordHeader("x", bytes("1"))),
                List.of(new RecordHeader("x", bytes("2")), new RecordHeader("x", bytes("1"))),
                List.of(new RecordHeader("x", null)),
                List.of(
                        new RecordHeader("x", null),
                        new RecordHeader("x", bytes("1")),
                        new RecordHeader("a.b-c", bytes("it's"))));
        table = Table.openOrCreate(directory.resolve("t"), PartitionScheme.unpartitioned(), TableConfig.defaults());
        try (TableWriter writer = table.writer(WriterOptions.named("w").build())) {
            for (int i = 0; i < keys.size(); i++) {
                String key = keys.get(i);
                writer.append(
                        i,
                        StreamRecord.atMillis(i)
                                .key(key == null ? null : bytes(key))
                                .headers(headers.get(i))
                                .value(bytes("v"))
                                .build());
            }
            writer.commit();
        }
    }

    @AfterAll
    static void close() {
        table.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''| 0 1 2 3 4 5",
                "key = 'a'| 2 5",
                "key=a| 2 5",
                "key != 'a'| 0 1 3 4",
                "key <> 'a'| 0 1 3 4",
                "key = ''| 1",
                "key is null| 0",
                "key is not null| 1 2 3 4 5",
                "key in ('a', b)| 2 3 5",
                "key < 'b'| 1 2 5",
                "key <= 'b'| 1 2 3 5",
                "key > 'a'| 3 4",
                "key >= 'a'| 2 3 4 5",
                "key > 'z'| 4",
                "header.x = '1'| 2 3 5",
                "header.x = '2'| 3",
                "header.x != '1'| 0 1 4",
                "header.x is null| 0 1 4",
                "header.x is not null| 2 3 5",
                "header.x < '2' and key = 'a'| 2 5",
                "header.a.b-c = 'it''s'| 5",
            })
    void choosesByKeyAndHeaders(String text, String expected) {
        assertThat(chosen(RecordFilter.parse(text))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "value = 'x'",
                "KEY is null",
                "header. = 'x'",
                "key",
                "key =",
                "key = 'a' or key = 'b'",
                "key in a",
                "key in ('a'",
                "key is",
                "key is not 'a'",
                "key ~ 'a'",
                "= 'a'",
                "key = 'a' header.x = 'b'",
                "key = (",
                "key = 'a"
            })
    void saysWhereTheTextIsWrong(String text) {
        assertThatThrownBy(() -> RecordFilter.parse(text))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(text)
                .hasMessageContaining("at position ");
    }

    @Test
    void everyRecordPassesTheFilterOfNothing() {
        assertThat(RecordFilter.parse("  ")).isSameAs(RecordFilter.all());
    }

    private static String chosen(RecordFilter filter) {
        List<String> chosen = new ArrayList<>();
        try (TableReader reader = table.reader(ScanOptions.ALL)) {
            while (reader.next()) {
                if (filter.matches(reader.record())) {
                    chosen.add(Long.toString(reader.record().sequence()));
                }
            }
        }
        return String.join(" ", chosen);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
