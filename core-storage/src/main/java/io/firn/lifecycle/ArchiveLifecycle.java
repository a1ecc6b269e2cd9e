package io.firn.lifecycle;

import io.firn.error.ClosedException;
import io.firn.error.ConfigException;
import io.firn.error.FirnException;
import io.firn.table.ArchiveRoot;
import io.firn.table.Table;
import io.firn.table.TableEnvironment;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lifecycle of all tables in one directory, each by its own options: on command, or by itself at an interval.
 *
 * <p>Tables are looked for at every run, so new ones take part. A table that fails does not keep the others from their
 * turn. Runs never overlap. Thread-safe.
 */
public final class ArchiveLifecycle implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ArchiveLifecycle.class);

    private final Path root;
    private final TableEnvironment environment;
    private final LifecycleOptions options;
    private final Object turn = new Object();
    private final ScheduledExecutorService timer;
    private volatile LifecycleManagerOfTurn present = LifecycleManagerOfTurn.NONE;
    private volatile boolean closed;

    private ArchiveLifecycle(Path root, TableEnvironment environment, LifecycleOptions options) {
        this.root = root;
        this.environment = environment;
        this.options = options;
        this.timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "firn-archive-lifecycle");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Opens the lifecycle of the tables below a directory.
     *
     * @throws ConfigException when it is no directory
     */
    public static ArchiveLifecycle open(Path root, TableEnvironment environment, LifecycleOptions options) {
        if (!environment.store().isDirectory(root)) {
            throw new ConfigException("There is no directory " + root + "; give the directory that holds the tables");
        }
        return new ArchiveLifecycle(root, environment, options);
    }

    /** Begins to run by itself what is due, every {@link LifecycleOptions#interval}. */
    @SuppressWarnings("FutureReturnValueIgnored") // a run reports its failures itself
    public ArchiveLifecycle start() {
        long intervalMs = options.interval().toMillis();
        timer.scheduleWithFixedDelay(this::runDue, intervalMs, intervalMs, TimeUnit.MILLISECONDS);
        return this;
    }

    /**
     * Does in every table what a request asks for, in the calling thread, one table after the other by name.
     *
     * @return what was done, by table; of a table that cannot be opened an error
     */
    public Map<String, LifecycleStats> run(LifecycleRequest request) {
        synchronized (turn) {
            Map<String, LifecycleStats> done = new TreeMap<>();
            for (String name : ArchiveRoot.tablesBelow(environment, root)) {
                if (closed) {
                    throw new ClosedException("The lifecycle of " + root + " is closed");
                }
                done.put(name, runTable(root.resolve(name), request));
            }
            return done;
        }
    }

    private LifecycleStats runTable(Path path, LifecycleRequest request) {
        try (Table table = Table.open(path, environment);
                LifecycleManager manager = LifecycleManager.open(table, options)) {
            present = manager::close;
            return manager.run(request);
        } catch (FirnException failed) {
            LifecycleReport report = new LifecycleReport();
            report.failed(path, failed);
            return report.toStats(0);
        } finally {
            present = LifecycleManagerOfTurn.NONE;
        }
    }

    private void runDue() {
        try {
            run(LifecycleRequest.due());
        } catch (FirnException failed) {
            LOG.warn("lifecycle run failed, the next one tries again: path={}", root, failed);
        } catch (RuntimeException bug) {
            // Escaping, it would end the timer without a word.
            LOG.error("lifecycle run ended by a programming error: path={}", root, bug);
        }
    }

    /** Stops: a rewrite that is running ends early and leaves everything as it was. Idempotent. */
    @Override
    public void close() {
        closed = true;
        timer.shutdownNow();
        present.close();
        synchronized (turn) {
            LOG.debug("lifecycle closed: path={}", root);
        }
    }

    /** Stops the table whose turn it is. */
    @FunctionalInterface
    private interface LifecycleManagerOfTurn {
        LifecycleManagerOfTurn NONE = () -> {};

        void close();
    }
}
