package io.firn.flink.sink;

import io.firn.error.ConfigException;
import io.firn.error.FirnException;
import io.firn.lifecycle.SinkRollback;
import io.firn.log.PendingCommit.RetiredAttempt;
import io.firn.partition.PartitionMapping;
import io.firn.table.AttemptWriter;
import io.firn.table.RestoredAttempt;
import io.firn.table.SinkAttempts;
import io.firn.table.Table;
import io.firn.table.WriterOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
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
        SinkAttempts attempts = SinkAttempts.open(table, settings.writer(context));
        List<RestoredAttempt> states = restored(table, restored);
        attempts.requireRestorable(states);
        if (settings.guarantee() == DeliveryGuarantee.EXACTLY_ONCE) {
            catchUp(settings, table, attempts, states);
        }
        WriterOptions.Builder options = attempts.attempt(
                context.getTaskInfo().getIndexOfThisSubtask(), states, context.getRestoredCheckpointId());
        newestPartition(restored, context.getTaskInfo().getNumberOfParallelSubtasks())
                .ifPresent(options::begunPartition);
        Optional<PartitionMapping> mapping = settings.mapping();
        if (mapping.isPresent()) {
            options.mapping(mapping.get());
        } else if (!settings.partitionScheme().fields().isEmpty()) {
            options.partitionsGiven(settings.partitionScheme());
        }
        return new OpenedSink(
                table,
                attempts,
                table.attempt(options.build()),
                states.stream().map(RestoredAttempt::retired).toList());
    }

    /** Empty after rescaling: the subtasks get other elements then, and none may be refused for what others began. */
    private static Optional<String> newestPartition(Collection<WriterState> restored, int parallelism) {
        return restored.stream()
                .filter(state -> restored.size() == 1 && state.attempt().parallelism() == parallelism)
                .findFirst()
                .flatMap(WriterState::newestPartition);
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

    private static List<RestoredAttempt> restored(Table table, Collection<WriterState> states) {
        for (WriterState state : states) {
            if (!state.tableId().equals(table.id())) {
                throw new ConfigException("The checkpoint was written to table " + state.tableId() + ", but "
                        + table.path() + " is table " + table.id()
                        + "; point the job at the table that it wrote to, or start it without the checkpoint");
            }
        }
        return states.stream().map(WriterState::attempt).toList();
    }

    /** The table may hold more than the checkpoint knows of. */
    private static void catchUp(
            SinkSettings settings, Table table, SinkAttempts attempts, List<RestoredAttempt> restored) {
        for (RestoredAttempt attempt : restored) {
            attempts.otherSinkOf(attempt).ifPresent(other -> renamed(settings, table, attempt, other));
        }
        if (settings.restoreOlder() == RestoreOlder.ROLLBACK) {
            SinkRollback.run(table, attempts, restored);
            return;
        }
        for (RestoredAttempt attempt : restored) {
            if (attempts.isBehind(attempt)) {
                behind(settings, table, attempt);
            }
        }
    }

    /** What came after the checkpoint stands under the other id: nobody looks for it there. */
    private static void renamed(SinkSettings settings, Table table, RestoredAttempt attempt, String other) {
        String found =
                "Checkpoint " + attempt.checkpointId() + " was written by sink '" + other + "', but this sink is '"
                        + settings.sinkId() + "': what came after it is not looked for in " + table.path();
        if (settings.restoreOlder() != RestoreOlder.APPEND) {
            throw new ConfigException(found + ", so restore.older="
                    + settings.restoreOlder().name().toLowerCase(Locale.ROOT) + " cannot hold. Give the sink the id '"
                    + other + "' again, or set restore.older=append, restore the latest checkpoint, and make sure that"
                    + " no job writes under the old id.");
        }
        LOG.warn("{}; if it is not the latest one, records will be there twice (restore.older=append)", found);
    }

    private static void behind(SinkSettings settings, Table table, RestoredAttempt attempt) {
        String found = "Checkpoint " + attempt.checkpointId() + " is not the latest of sink '" + settings.sinkId()
                + "': it knows commit " + attempt.prepared() + " of attempt " + attempt.writer() + ", and "
                + table.path() + " holds later ones. What the job writes again will be there twice";
        if (settings.restoreOlder() == RestoreOlder.FAIL) {
            throw new ConfigException(found + ". Restore the latest checkpoint, set restore.older=rollback to take back"
                    + " what came after this one, or restore.older=append to accept the duplicates.");
        }
        LOG.warn("{} (restore.older=append)", found);
    }
}
