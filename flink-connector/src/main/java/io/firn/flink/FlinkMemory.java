package io.firn.flink;

import io.firn.table.TableEnvironment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The buffers, caches and threads of the engine in a TaskManager: shared by all slots of a job, so that their bound
 * does not grow with the slots.
 *
 * <p>They belong to the class loader of the job and go with it: threads end when they are idle. Thread-safe.
 */
public final class FlinkMemory {
    private static final Map<Modes, TableEnvironment> ENVIRONMENTS = new ConcurrentHashMap<>();

    private FlinkMemory() {}

    private record Modes(String ioMode, String sharedFs) {}

    /** The environment of all tables that are used in one way. */
    public static TableEnvironment environment(TableLocation location) {
        return ENVIRONMENTS.computeIfAbsent(
                new Modes(location.ioMode(), location.sharedFs()),
                modes -> TableEnvironment.ofIoMode(modes.ioMode()).withSharedFs(modes.sharedFs()));
    }
}
