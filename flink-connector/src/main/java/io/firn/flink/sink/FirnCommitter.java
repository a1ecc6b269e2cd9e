package io.firn.flink.sink;

import io.firn.error.FirnException;
import io.firn.log.PendingCommit;
import io.firn.table.SinkAttempts;
import io.firn.table.Table;
import java.io.IOException;
import java.util.Collection;
import org.apache.flink.api.common.JobInfo;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.jspecify.annotations.Nullable;

/**
 * Makes prepared commits visible when their checkpoint is complete; repeating one changes nothing. Confined to its
 * task's thread.
 */
final class FirnCommitter implements Committer<PendingCommit> {
    private final SinkSettings settings;
    private final JobInfo job;
    private final CommitMetrics metrics;
    private @Nullable Table table;
    private @Nullable SinkAttempts attempts;

    FirnCommitter(SinkSettings settings, CommitterInitContext context) {
        this.settings = settings;
        this.job = context.getJobInfo();
        this.metrics = new CommitMetrics(context.metricGroup());
    }

    @Override
    public void commit(Collection<CommitRequest<PendingCommit>> requests) throws IOException {
        for (CommitRequest<PendingCommit> request : requests) {
            try {
                metrics.commit(attempts(), request.getCommittable());
            } catch (FirnException failed) {
                throw new IOException(
                        "Cannot commit what "
                                + request.getCommittable().writer() + " has prepared: "
                                + failed.getMessage(),
                        failed);
            }
        }
    }

    private SinkAttempts attempts() {
        if (attempts == null) {
            table = settings.location().open();
            attempts = SinkAttempts.open(table, settings.committer(job));
        }
        return attempts;
    }

    @Override
    public void close() {
        if (table != null) {
            table.close();
        }
    }
}
