package io.firn.lifecycle;

import io.firn.record.StreamRecord;
import io.firn.table.AttemptWriter;
import io.firn.table.RestoredAttempt;
import io.firn.table.SinkAttempts;
import io.firn.table.SinkOwner;
import io.firn.table.Table;
import io.firn.testing.ZippedDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * The table of a sink that is checked in for every version of the format: claims, attempts that say what they were
 * restored from, and withdrawals. {@code main <directory>} makes it; never run again for a version that was released.
 */
final class SinkFixture {
    static final String SINK_ID = "clicks";
    static final int BEFORE = 6;
    static final int AFTER = 9;

    private SinkFixture() {}

    static SinkOwner owner(int job) {
        return new SinkOwner(SINK_ID, "job-" + job, "", "job " + job);
    }

    /** Makes {@code table-v1-sink.zip}: two jobs, of which the second one and a part of the first were taken back. */
    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        Path path = directory.resolve("sink");
        try (Table table = Table.create(path, TableFixture.MAPPING.scheme(), TableFixture.CONFIG)) {
            SinkAttempts first = SinkAttempts.open(table, owner(1));
            RestoredAttempt savepoint;
            RestoredAttempt latest;
            try (AttemptWriter writer = begin(table, first, List.of())) {
                write(writer, 0, BEFORE);
                first.commit(writer.prepare(List.of()));
                savepoint = state(writer, 1);
                write(writer, BEFORE, AFTER);
                first.commit(writer.prepare(List.of()));
                latest = state(writer, 2);
            }
            SinkAttempts second = SinkAttempts.open(table, owner(2));
            try (AttemptWriter writer = begin(table, second, List.of(latest))) {
                write(writer, AFTER, AFTER + 3);
                second.commit(writer.prepare(List.of(latest.retired())));
            }
            SinkRollback.run(table, SinkAttempts.open(table, owner(3)), List.of(savepoint));
        }
        ZippedDirectory.pack(path, directory.resolve(TableFixture.SINK));
    }

    private static AttemptWriter begin(Table table, SinkAttempts attempts, List<RestoredAttempt> restored) {
        return table.attempt(
                attempts.attempt(0, restored).mapping(TableFixture.MAPPING).build());
    }

    private static void write(AttemptWriter writer, long from, long to) {
        for (long number = from; number < to; number++) {
            writer.append(StreamRecord.atMillis(978_310_800_000L + number)
                    .key(TableFixture.key(number).getBytes(StandardCharsets.UTF_8))
                    .value(TableFixture.value(SINK_ID, number).getBytes(StandardCharsets.UTF_8))
                    .build());
        }
    }

    private static RestoredAttempt state(AttemptWriter writer, long checkpointId) {
        return new RestoredAttempt(writer.name(), writer.lastPrepared(), writer.preparedSequence(), checkpointId, 1);
    }
}
