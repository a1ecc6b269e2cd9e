package io.firn.log;

import io.firn.fs.FileStore;
import java.util.List;

/** Logs that a rebuild puts aside: {@code <epoch>.log.damaged-<epoch of the rebuild>}. Thread-safe; no state. */
final class DamagedLogs {
    /** Part of the names of logs that were put aside. */
    static final String PUT_ASIDE = ".damaged";

    private DamagedLogs() {}

    /** The highest epoch of which names of logs tell, also of those that were put aside; 0 when none does. */
    static long highestEpoch(List<String> names) {
        long highest = 0;
        for (String name : names) {
            int end = name.indexOf(PUT_ASIDE);
            highest = Math.max(highest, LogFormat.epochOf(end < 0 ? name : name.substring(0, end)));
        }
        return highest;
    }

    /** Renames the logs below the epoch of a rebuild, whose base is durable. */
    static void putAside(LogDirectory directory, long epoch) {
        FileStore store = directory.store();
        boolean renamed = false;
        for (long other : directory.epochs()) {
            if (other < epoch) {
                store.rename(
                        directory.fileOf(other),
                        directory.path().resolve(LogFormat.fileName(other) + PUT_ASIDE + "-" + epoch));
                renamed = true;
            }
        }
        if (renamed) {
            store.forceDirectory(directory.path());
        }
    }
}
