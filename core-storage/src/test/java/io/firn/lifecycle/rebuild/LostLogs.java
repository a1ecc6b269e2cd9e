package io.firn.lifecycle.rebuild;

import io.firn.fs.FileStore;
import io.firn.fs.FileTree;
import io.firn.lifecycle.WrittenTable;
import io.firn.table.Table;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;

/** Loses logs of writers and has them rebuilt. */
public final class LostLogs {
    private LostLogs() {}

    /** The ways in which the log of a lane is lost. */
    public enum Loss {
        ALL_LOGS,
        LOGS_AND_POSITION,
        DIRECTORY,
        HEADER,
        BASE,
        TAIL,
        POSITION_AND_HEADER;

        static final List<Loss> ALL = List.of(values());
        public static final List<Loss> ALL_BUT_THE_TAIL =
                ALL.stream().filter(loss -> loss != TAIL).toList();
    }

    /** Some lanes lose their logs, one of them at least. */
    public static void lose(FileStore store, RandomGenerator random) {
        lose(store, random, Loss.ALL);
    }

    public static void lose(FileStore store, RandomGenerator random, List<Loss> losses) {
        try (Table table = WrittenTable.open(store)) {
            List<String> lanes = store.list(table.layout().lanes());
            int certain = lanes.isEmpty() ? 0 : random.nextInt(lanes.size());
            for (int i = 0; i < lanes.size(); i++) {
                if (i == certain || random.nextBoolean()) {
                    lose(store, table.layout().lane(lanes.get(i)), losses.get(random.nextInt(losses.size())));
                }
            }
        }
    }

    public static void lose(FileStore store, Path lane, Loss loss) {
        for (Path log : logs(store, lane)) {
            switch (loss) {
                case ALL_LOGS, LOGS_AND_POSITION, DIRECTORY -> store.delete(log);
                case HEADER, POSITION_AND_HEADER -> overwrite(store, log, 0);
                case BASE -> overwrite(store, log, 72);
                case TAIL -> overwrite(store, log, store.info(log).sizeBytes() - 24);
            }
        }
        if (loss == Loss.LOGS_AND_POSITION || loss == Loss.POSITION_AND_HEADER) {
            store.delete(lane.resolve("pos"));
        }
        if (loss == Loss.DIRECTORY) {
            FileTree.delete(store, lane);
            store.forceDirectory(Objects.requireNonNull(lane.getParent()));
        } else {
            store.forceDirectory(lane);
        }
    }

    public static List<Path> logs(FileStore store, Path lane) {
        List<Path> logs = new ArrayList<>();
        for (String name : store.list(lane)) {
            if (name.endsWith(".log")) {
                logs.add(lane.resolve(name));
            }
        }
        return logs;
    }

    private static void overwrite(FileStore store, Path log, long offset) {
        try (var file = store.openWrite(log)) {
            file.write(ByteBuffer.wrap(new byte[24]), offset);
            file.force();
        }
    }

    public static RebuildReport rebuild(FileStore store, String... writers) {
        try (Table table = WrittenTable.open(store)) {
            return TableRebuild.lanes(table, List.of(writers));
        }
    }
}
