package io.firn.connect.source;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for lanes that are new in the archive while a continuous replay runs, and asks for new task assignments.
 *
 * <p>One thread of its own. Thread-safe.
 */
final class ArchiveWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ArchiveWatch.class);

    private final FirnSourceConfig config;
    private final Runnable reconfigure;
    private final ScheduledExecutorService executor;
    private Set<ReplayLane> known;

    private ArchiveWatch(FirnSourceConfig config, Set<ReplayLane> known, Runnable reconfigure) {
        this.config = config;
        this.known = known;
        this.reconfigure = reconfigure;
        this.executor = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "firn-archive-watch");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Starts to look.
     *
     * @param known the lanes that are assigned already
     * @param reconfigure asks the worker for new assignments
     */
    @SuppressWarnings("FutureReturnValueIgnored") // a look reports its failures itself
    static ArchiveWatch start(FirnSourceConfig config, List<LaneGroup> known, Runnable reconfigure) {
        ArchiveWatch watch = new ArchiveWatch(config, lanes(known), reconfigure);
        long intervalMs = config.discoveryIntervalMs();
        watch.executor.scheduleWithFixedDelay(watch::look, intervalMs, intervalMs, TimeUnit.MILLISECONDS);
        return watch;
    }

    /** Stops looking. Idempotent. */
    @Override
    public void close() {
        executor.shutdownNow();
    }

    private void look() {
        try (ArchivedTables tables = new ArchivedTables(config)) {
            tables.openAll(config.tables());
            Set<ReplayLane> present = lanes(new ArchiveSurvey(tables.byName(), config.topics()).groups());
            if (!present.equals(known)) {
                LOG.info(
                        "The lanes of the archive changed: path={} before={} now={}",
                        config.path(),
                        known.size(),
                        present.size());
                reconfigure.run();
                known = present; // not before: when the worker refuses, the next look asks again
            }
        } catch (RuntimeException e) { // any other would end the schedule without a word
            LOG.warn("Cannot look for new lanes, trying again: path={}", config.path(), e);
        }
    }

    private static Set<ReplayLane> lanes(List<LaneGroup> groups) {
        Set<ReplayLane> lanes = new HashSet<>();
        groups.forEach(group -> lanes.addAll(group.lanes()));
        return lanes;
    }
}
