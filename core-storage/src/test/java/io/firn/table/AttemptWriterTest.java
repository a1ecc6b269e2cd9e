package io.firn.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ClosedException;
import io.firn.error.ConfigException;
import io.firn.log.PendingCommit;
import io.firn.log.PendingCommit.RetiredAttempt;
import io.firn.partition.PartitionMapping;
import io.firn.record.StreamRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttemptWriterTest {
    private static final PartitionMapping MAPPING = PartitionMapping.parse("k:string=key");

    @TempDir
    Path directory;

    private Table table;

    @BeforeEach
    void createTable() {
        table = Table.create(directory.resolve("t"), MAPPING.scheme(), TableConfig.defaults());
    }

    @Test
    void preparedRecordsAreInvisibleUntilTheCommit() {
        try (AttemptWriter attempt = begin("a")) {
            append(attempt, "1", "2");
            PendingCommit first = attempt.prepare(List.of());
            append(attempt, "3");
            assertThat(read()).isEmpty();
            table.commit(PendingCommit.fromBytes(first.toBytes()));
            assertThat(read()).containsExactly("1", "2");
            PendingCommit second = attempt.prepare(List.of());
            table.commit(second);
            table.commit(first);
            assertThat(read()).containsExactly("1", "2", "3");
        }
    }

    @Test
    void anotherAttemptGoesOnAndRetiresTheOneThatFailed() {
        PendingCommit first;
        try (AttemptWriter failed = begin("a")) {
            append(failed, "1");
            first = failed.prepare(List.of());
            append(failed, "never prepared");
        }
        table.commit(first);
        try (AttemptWriter restored = begin("b")) {
            append(restored, "2");
            table.commit(restored.finish(List.of(new RetiredAttempt("a", 1))));
        }
        table.commit(first);
        assertThat(read()).containsExactly("1", "2");
    }

    @Test
    void aPrepareWithoutRecordsIsACommitToo() {
        try (AttemptWriter attempt = begin("a")) {
            PendingCommit empty = attempt.prepare(List.of());
            table.commit(empty);
            table.commit(empty);
            assertThat(attempt.lastPrepared()).isEqualTo(1);
            assertThat(read()).isEmpty();
        }
    }

    @Test
    void namesAreUsedOnceAndAClosedAttemptIsOver() {
        AttemptWriter attempt = begin("a");
        assertThatThrownBy(() -> begin("a")).isInstanceOf(ConfigException.class);
        attempt.close();
        attempt.close();
        assertThatThrownBy(() -> append(attempt, "x")).isInstanceOf(ClosedException.class);
    }

    private AttemptWriter begin(String name) {
        return table.attempt(WriterOptions.named(name).mapping(MAPPING).build());
    }

    private static void append(AttemptWriter attempt, String... values) {
        for (String value : values) {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            attempt.append(StreamRecord.atNanos(1).key(bytes).value(bytes).build());
        }
    }

    private List<String> read() {
        List<String> values = new ArrayList<>();
        try (TableReader reader = table.reader(ScanOptions.ALL)) {
            while (reader.next()) {
                values.add(new String(reader.record().toRecord().value(), StandardCharsets.UTF_8));
            }
        }
        return values;
    }
}
