package io.firn.flink.sink;

import io.firn.flink.TableLocation;
import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.log.PendingCommit;
import io.firn.table.Table;
import java.util.Objects;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.CommittableWithLineage;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.jspecify.annotations.Nullable;

/**
 * Tells the table's lifecycle of every commit. It works on threads of its own: elements and barriers pass at once. A
 * commit that was never told, because the job failed, is found by the next look at the table.
 */
final class LifecycleOperator extends AbstractStreamOperator<Void>
        implements OneInputStreamOperator<CommittableMessage<PendingCommit>, Void> {
    private static final long serialVersionUID = 1L;

    private final TableLocation location;
    private final LifecycleSettings settings;
    private transient @Nullable Table table;
    private transient @Nullable LifecycleManager manager;

    LifecycleOperator(TableLocation location, LifecycleSettings settings) {
        this.location = location;
        this.settings = settings;
    }

    @Override
    public void processElement(StreamRecord<CommittableMessage<PendingCommit>> element) {
        if (element.getValue() instanceof CommittableWithLineage) {
            manager().notifyCommit();
        }
    }

    /**
     * At the end of a bounded job what is due is done before the job ends. In streaming mode the last checkpoint is
     * committed after this: its records are for the next look at the table.
     */
    @Override
    public void finish() {
        if (location.exists()) {
            manager()
                    .run(LifecycleRequest.due())
                    .errors()
                    .forEach(error -> LOG.warn("lifecycle path={} error={}", location.path(), error));
        }
    }

    @Override
    public void close() {
        if (manager != null) {
            manager.close();
            Objects.requireNonNull(table).close();
            manager = null;
        }
    }

    private LifecycleManager manager() {
        if (manager == null) {
            table = location.open();
            manager = LifecycleManager.open(table, settings.options()).start();
            LifecycleMetrics.show(getMetricGroup(), manager);
        }
        return manager;
    }
}
