package io.firn.lifecycle;

import io.firn.error.WriterFencedException;
import io.firn.fs.FileStore;
import io.firn.log.LaneName;
import io.firn.partition.PartitionValues;
import io.firn.record.StreamRecord;
import io.firn.table.Table;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The writers of a table with a history: some come and go, one stays. Confined to one thread. */
final class HistoryWriters {
    private static final String FIXED = "fixed";
    private static final List<String> NAMES = List.of("a", "b", FIXED);

    private final HistoryOracle oracle;
    private final RandomGenerator random;
    private @Nullable Table table;
    private @Nullable TableWriter present;
    private final Map<HistoryOracle.Id, String> pending = new HashMap<>();

    HistoryWriters(HistoryOracle oracle, RandomGenerator random) {
        this.oracle = oracle;
        this.random = random;
    }

    /** One comes, commits and goes. */
    void visit(FileStore store) {
        try (Table opened = WrittenTable.open(store);
                TableWriter writer = open(opened, NAMES.get(random.nextInt(NAMES.size())))) {
            Map<HistoryOracle.Id, String> records = new HashMap<>();
            for (int acts = 1 + random.nextInt(4); acts > 0; acts--) {
                act(writer, records);
            }
            if (random.nextBoolean()) {
                writer.finish();
                oracle.acknowledge(records);
            }
        }
    }

    private void act(TableWriter writer, Map<HistoryOracle.Id, String> records) {
        if (random.nextInt(8) == 0) {
            writer.rollback();
            records.clear();
        }
        append(writer, records, 1 + random.nextInt(15));
        if (random.nextInt(3) == 0) {
            writer.roll();
        }
        if (random.nextInt(4) > 0) {
            writer.commit();
            oracle.acknowledge(records);
            records.clear();
        }
    }

    /** The one that stays goes on. */
    void stay(FileStore store) {
        Table opened = table == null ? WrittenTable.open(store) : table;
        table = opened;
        TableWriter writer = present == null ? open(opened, "long") : present;
        present = writer;
        try {
            act(writer, pending);
        } catch (WriterFencedException overtaken) {
            leave();
        }
    }

    /** The one that stayed goes, as it is. */
    void leave() {
        TableWriter writer = present;
        Table opened = table;
        forget();
        if (writer != null) {
            writer.close();
        }
        if (opened != null) {
            opened.close();
        }
    }

    /** The process of the one that stayed is no more. */
    void forget() {
        present = null;
        table = null;
        pending.clear();
    }

    private void append(TableWriter writer, Map<HistoryOracle.Id, String> records, int count) {
        for (int i = 0; i < count; i++) {
            HistoryOracle.Id id = new HistoryOracle.Id(laneOf(writer.name()), writer.nextSequence());
            StreamRecord record = oracle.append(id);
            writer.append(record);
            records.put(id, HistoryOracle.value(record));
        }
    }

    /** Every lane that is there is brought to its end, as its next owner does. */
    static void recover(FileStore store) {
        try (Table table = WrittenTable.open(store)) {
            List<String> lanes = store.list(table.layout().lanes());
            for (String name : List.of("a", "b", FIXED, "long")) {
                if (lanes.contains(LaneName.encode(laneOf(name)))) {
                    open(table, name).close();
                }
            }
        }
    }

    /** Whether a lane's directory is one of theirs. */
    static boolean isTheirs(String lane) {
        return List.of("a", "b", FIXED, "long").stream().anyMatch(name -> lane.equals(LaneName.encode(laneOf(name))));
    }

    private static String laneOf(String name) {
        return name.equals(FIXED) ? FIXED + "@p=p0" : name;
    }

    private static TableWriter open(Table table, String name) {
        WriterOptions.Builder options = WriterOptions.named(name).takeOver(true);
        return table.writer(
                name.equals(FIXED)
                        ? options.partition(PartitionValues.of(table.scheme(), "p0"))
                                .build()
                        : options.mapping(HistoryOracle.MAPPING).build());
    }
}
