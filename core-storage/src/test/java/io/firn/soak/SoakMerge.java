package io.firn.soak;

import io.firn.table.ReadOrder;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableReader;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Reads everything in the order of time, follows what comes for a while, and begins again. */
final class SoakMerge implements SoakProcess.Step {
    private static final ScanOptions BY_TIME =
            ScanOptions.builder().order(ReadOrder.TIME).build();
    private static final long PAUSE_MS = 300;
    private static final int FRESH = 4;

    private final Table table;
    private final SoakOracle oracle;
    private final RandomGenerator random;
    private @Nullable TableReader reader;
    private LaneCheck check;

    SoakMerge(Table table, SoakOracle oracle, RandomGenerator random) {
        this.table = table;
        this.oracle = oracle;
        this.random = random;
        this.check = new LaneCheck(oracle, Map.of());
    }

    @Override
    public long run() {
        if (reader == null || random.nextInt(FRESH) == 0) {
            close();
            check = new LaneCheck(oracle, Map.of());
            check.beforePlan();
            reader = table.reader(BY_TIME);
        } else {
            check.beforePlan();
            reader.refresh();
        }
        readPart(reader);
        return PAUSE_MS;
    }

    private void readPart(TableReader part) {
        long lastNs = Long.MIN_VALUE;
        while (part.next()) {
            long timestampNs = part.record().timestampNs();
            if (timestampNs < lastNs) {
                throw new AssertionError("time " + timestampNs + " after " + lastNs + ", writer " + part.writer());
            }
            lastNs = timestampNs;
            check.accept(part);
        }
        check.atEnd();
    }

    @Override
    public void close() {
        if (reader != null) {
            reader.close();
        }
    }
}
