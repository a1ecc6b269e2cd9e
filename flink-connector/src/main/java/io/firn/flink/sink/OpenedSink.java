package io.firn.flink.sink;

import io.firn.error.ConfigException;
import io.firn.error.FirnException;
import io.firn.log.PendingCommit.RetiredAttempt;
import io.firn.partition.PartitionMapping;
import io.firn.table.AttemptWriter;
import io.firn.table.SinkAttempts;
import io.firn.table.Table;
import io.firn.table.WriterOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a writer holds from its start: the table, and a new attempt behind those that the checkpoint knows.
 *
 * @param retired attempts of the checkpoint, which end with this one's first commit
 */
record OpenedSink(Table table, SinkAttempts attempts, AttemptWriter attempt, List<RetiredAttempt> retired) {
    private static final Logger LOG = LoggerFactory.getLogger(OpenedSink.class);
    private static final long LOOK_NS = Duration.ofMillis(50).toNanos();
    private static final int MAX_LOOKS = 600;

    static OpenedSink open(SinkSettings settings, WriterInitContext context, Collection<WriterState> restored)
            throws IOException {
        try {
            Table table = awaitTable(settings, context);
            try {
                return open(settings, context, table, restored);
            } catch (RuntimeException failed) {
                table.close();
                throw failed;
            }
        } catch (FirnException failed) {
            throw new IOException("Sink '" + settings.sinkId() + "' cannot start: " + failed.getMessage(), failed);
        }
    }

    private static OpenedSink open(
            SinkSettings settings, WriterInitContext context, Table table, Collection<WriterState> restored) {
        SinkAttempts attempts = SinkAttempts.open(table, settings.owner(context.getJobInfo()));
        List<RetiredAttempt> retired = retired(settings, table, attempts, restored);
        WriterOptions.Builder options = attempts.attempt(context.getTaskInfo().getIndexOfThisSubtask());
        Optional<PartitionMapping> mapping = settings.mapping();
        if (mapping.isPresent()) {
            options.mapping(mapping.get());
        } else if (!settings.partitionScheme().fields().isEmpty()) {
            options.partitionsGiven(settings.partitionScheme());
        }
        return new OpenedSink(table, attempts, table.attempt(options.build()), retired);
    }

    private static Table awaitTable(SinkSettings settings, WriterInitContext context) {
        int subtask = context.getTaskInfo().getIndexOfThisSubtask();
        for (int look = 0; look < MAX_LOOKS; look++) {
            Optional<Table> table = settings.open(subtask, context.getTaskInfo().getNumberOfParallelSubtasks());
            if (table.isPresent()) {
                return table.get();
            }
            LockSupport.parkNanos(LOOK_NS); // subtask 0 is about to make it
        }
        throw settings.notShared(subtask);
    }

    private static List<RetiredAttempt> retired(
            SinkSettings settings, Table table, SinkAttempts attempts, Collection<WriterState> restored) {
        List<RetiredAttempt> retired = new ArrayList<>();
        for (WriterState state : restored) {
            if (!state.tableId().equals(table.id())) {
                throw new ConfigException("The checkpoint was written to table " + state.tableId() + ", but "
                        + table.path() + " is table " + table.id()
                        + "; point the job at the table that it wrote to, or start it without the checkpoint");
            }
            RetiredAttempt attempt = new RetiredAttempt(state.writer(), state.prepared());
            if (settings.guarantee() == DeliveryGuarantee.EXACTLY_ONCE && attempts.isBehind(attempt)) {
                behind(settings, table, attempt);
            }
            retired.add(attempt);
        }
        return List.copyOf(retired);
    }

    private static void behind(SinkSettings settings, Table table, RetiredAttempt attempt) {
        String found = "The checkpoint is not the latest of sink '" + settings.sinkId() + "': it knows commit "
                + attempt.number() + " of attempt " + attempt.writer() + ", and " + table.path()
                + " holds later ones. What the job writes again will be there twice";
        if (settings.restoreOlder() == RestoreOlder.FAIL) {
            throw new ConfigException(
                    found + ". Restore the latest checkpoint, or set restore.older=append to accept the duplicates.");
        }
        LOG.warn("{} (restore.older=append)", found);
    }
}
