package io.firn.flink;

import io.firn.table.AllowedRoots;
import io.firn.table.TableEnvironment;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The buffers, caches and threads of the engine in a TaskManager: shared by all slots of a job, so that their bound
 * does not grow with the slots.
 *
 * <p>They belong to the class loader of the job and go with it: threads end when they are idle. Thread-safe.
 */
public final class FlinkMemory {
    /** So that all of it fits into the direct memory that Flink leaves by default (docs/flink.md). */
    private static final long MAX_READ_AHEAD_BYTES = 16L << 20;

    private static final Map<Modes, TableEnvironment> ENVIRONMENTS = new ConcurrentHashMap<>();

    private FlinkMemory() {}

    private record Modes(String ioMode, String sharedFs) {}

    /**
     * The environment of all tables that are used in one way.
     *
     * @throws io.firn.error.ConfigException when the operator of this process allows no paths there ({@link
     *     AllowedRoots})
     */
    public static TableEnvironment environment(TableLocation location) {
        check(location, AllowedRoots.ofProcess());
        return ENVIRONMENTS.computeIfAbsent(
                new Modes(location.ioMode(), location.sharedFs()),
                modes -> TableEnvironment.ofIoMode(modes.ioMode())
                        .withSharedFs(modes.sharedFs())
                        .withReadAheadBytes(Math.min(MAX_READ_AHEAD_BYTES, TableEnvironment.defaultReadAheadBytes())));
    }

    static void check(TableLocation location, AllowedRoots allowed) {
        allowed.check("path", Path.of(location.path()));
        allowed.check("table", Path.of(location.path()).resolve(location.table()));
    }
}
