package io.firn.soak;

import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableReader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Readers in the order of the writers: one that tails for ever, and ones that begin somewhere and read to the end. */
final class SoakReads {
    private static final long TAIL_PAUSE_MS = 50;
    private static final long SCAN_PAUSE_MS = 300;
    private static final int MAX_BACK = 6_000;

    private SoakReads() {}

    /** One reader from beginning to end; it says how far it has seen. */
    static SoakProcess.Step tail(Table table, SoakOracle oracle) {
        LaneCheck check = new LaneCheck(oracle, Map.of());
        check.beforePlan();
        return new Tail(table.reader(ScanOptions.ALL), check, oracle);
    }

    /** Opens the table anew each time, and reads from a position of each writer. */
    static SoakProcess.Step scans(Path path, SoakOracle oracle, RandomGenerator random) {
        return () -> {
            Map<String, Long> from = new HashMap<>();
            SoakContent.LANES.forEach(
                    lane -> from.put(lane, Math.max(0, oracle.acknowledged(lane) - random.nextInt(MAX_BACK))));
            ScanOptions options = ScanOptions.builder().fromSequences(from).build();
            LaneCheck check = new LaneCheck(oracle, from);
            check.beforePlan();
            try (Table table = Table.open(path);
                    TableReader reader = table.reader(options)) {
                readToEnd(reader, check);
            }
            return SCAN_PAUSE_MS;
        };
    }

    static void readToEnd(TableReader reader, LaneCheck check) {
        while (reader.next()) {
            check.accept(reader);
        }
        check.atEnd();
    }

    private record Tail(TableReader reader, LaneCheck check, SoakOracle oracle) implements SoakProcess.Step {
        @Override
        public long run() {
            readToEnd(reader, check);
            SoakContent.LANES.forEach(lane -> oracle.seen(lane, check.next(lane)));
            check.beforePlan();
            reader.refresh();
            return TAIL_PAUSE_MS;
        }

        @Override
        public void close() {
            readToEnd(reader, check);
            reader.close();
        }
    }
}
