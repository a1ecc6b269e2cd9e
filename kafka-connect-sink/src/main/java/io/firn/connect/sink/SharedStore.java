package io.firn.connect.sink;

import io.firn.error.FirnException;
import io.firn.series.SeriesStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A series store that the task's thread writes and a background thread maintains: closed by whoever is the last to use
 * it, so that a rebalance never waits for maintenance. Thread-safe.
 */
final class SharedStore {
    private static final Logger LOG = LoggerFactory.getLogger(SharedStore.class);

    private final SeriesStore store;
    private boolean busy;
    private boolean released;

    SharedStore(SeriesStore store) {
        this.store = store;
    }

    SeriesStore store() {
        return store;
    }

    /** Does what is due, unless the store is released; a failure is logged, and the next call tries again. */
    void maintain() {
        synchronized (this) {
            if (busy || released) {
                return;
            }
            busy = true;
        }
        try {
            store.maintain();
        } catch (FirnException failed) {
            LOG.warn("series are not maintained: path={}", store.path(), failed);
        } finally {
            if (endMaintenance()) {
                close();
            }
        }
    }

    private synchronized boolean endMaintenance() {
        busy = false;
        return released;
    }

    /** The task does not use it any more. */
    void release() {
        if (markReleased()) {
            close();
        }
    }

    /** Every commit is durable by itself, so nothing is lost when this fails, as it does when somebody took over. */
    private void close() {
        try {
            store.close();
        } catch (FirnException failed) {
            LOG.warn("store is closed with an error: path={}", store.path(), failed);
        }
    }

    private synchronized boolean markReleased() {
        boolean first = !released;
        released = true;
        return first && !busy;
    }
}
