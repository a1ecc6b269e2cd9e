package io.firn.connect.source;

import io.firn.error.FirnException;
import io.firn.error.StorageIoException;
import io.firn.registry.RegistryUnavailableException;
import io.firn.task.OpenParts;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.apache.kafka.connect.source.TransactionContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replays the lanes that the connector assigned to it.
 *
 * <p>Where the task defines the transactions, each poll is one: a transaction then never stays open between two polls,
 * so a paused or idle connector is not aborted by the broker's timeout. {@link #poll} and {@link #stop} may be called
 * by different threads.
 */
public final class FirnSourceTask extends SourceTask {
    private static final Logger LOG = LoggerFactory.getLogger(FirnSourceTask.class);
    private static final long IDLE_WAIT_NS = Duration.ofMillis(100).toNanos();
    private static final int MAX_FAILURES = 20;
    private static final long FAILURE_WAIT_NS = Duration.ofSeconds(1).toNanos();

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final SourceAccess access;
    private final ReplayClock clock;
    private final SentRecords sent;
    private @Nullable Session session;
    private int failures;

    /** Creates the task; the worker calls {@link #start}. */
    public FirnSourceTask() {
        this(SourceAccess.OF_PROCESS, ReplayClock.SYSTEM);
    }

    FirnSourceTask(SourceAccess access, ReplayClock clock) {
        this.access = access;
        this.clock = clock;
        this.sent = new SentRecords(clock);
    }

    @Override
    public String version() {
        return SourceVersion.get();
    }

    @Override
    public void start(Map<String, String> properties) {
        sent.configure(properties);
        Map<String, String> options = new HashMap<>(properties);
        TaskPlan plan = TaskPlan.parse(options.getOrDefault(TaskPlan.KEY, ""));
        TaskTarget target = TaskTarget.of(options);
        options.remove(TaskPlan.KEY);
        options.remove(TaskTarget.KEY);
        FirnSourceConfig config = new FirnSourceConfig(options);
        OpenParts opened = new OpenParts();
        try {
            ArchivedTables tables = opened.keep(new ArchivedTables(config, access));
            access.check(config);
            plan.groups()
                    .forEach(group -> group.lanes()
                            .forEach(lane -> tables.openPlanned(lane.table(), lane.tableId(), plan.plannedOn())));
            StoredOffsets offsets = new StoredOffsets(context.offsetStorageReader());
            ReplayStages stages = new ReplayStages(config, tables.byName(), offsets, target, clock);
            ReplayPace pace = stages.pace();
            Replay replay = opened.keep(stages.arrange(plan, pace));
            SchemaIds ids = opened.keep(SchemaIds.open(config, tables.byName().values()));
            SourceMeters meters = opened.keep(SourceMeters.of(plan, tables, offsets, clock.nanoClock()));
            meters.show(context, properties);
            session = new Session(config, opened, new Reading(replay, pace), ids, meters, context.transactionContext());
        } catch (FirnException e) {
            opened.closeAfter(e);
            throw new ConnectException(e.getMessage(), e);
        } catch (RuntimeException e) {
            opened.closeAfter(e);
            throw e;
        }
    }

    @Override
    public @Nullable List<SourceRecord> poll() throws InterruptedException {
        if (!sent.awaitFew(stopped)) {
            return null;
        }
        List<SourceRecord> records;
        try {
            records = pollOnce();
        } catch (RegistryUnavailableException | StorageIoException e) {
            clock.pause().await(stopped, FAILURE_WAIT_NS); // the worker polls again at once
            throw new RetriableException(e.getMessage(), e);
        }
        if (records == null) {
            clock.pause().await(stopped, waitNs());
        } else {
            sent.handOut(records.size());
        }
        return records;
    }

    /** A record is in the target topic, or the worker has left it out. */
    @Override
    public void commitRecord(SourceRecord record, @Nullable RecordMetadata metadata) {
        sent.acknowledge();
    }

    /** Ends the replay; a {@link #poll} that is under way comes to its end first. */
    @Override
    public void stop() {
        stopped.countDown();
        synchronized (this) {
            if (session != null) {
                session.close();
                session = null;
            }
        }
    }

    private synchronized long waitNs() {
        return session == null ? IDLE_WAIT_NS : session.waitNs();
    }

    private synchronized @Nullable List<SourceRecord> pollOnce() {
        if (session == null) {
            return null;
        }
        try {
            List<SourceRecord> records = session.poll();
            failures = 0;
            return records;
        } catch (RegistryUnavailableException e) {
            throw e;
        } catch (StorageIoException e) {
            session.meters.readFailed();
            if (++failures < MAX_FAILURES) {
                throw e;
            }
            throw new ConnectException(e.getMessage() + " (" + failures + " attempts)", e);
        } catch (FirnException e) {
            throw new ConnectException(e.getMessage(), e);
        }
    }

    /** What is replayed, and when. */
    private record Reading(Replay replay, ReplayPace pace) {}

    /** What is open while the task runs. */
    private static final class Session implements AutoCloseable {
        private final FirnSourceConfig config;
        private final OpenParts opened;
        private final Reading reading;
        private final SchemaIds ids;
        private final SourceMeters meters;
        private final @Nullable TransactionContext transactions;
        private List<SourceRecord> unsent = List.of();
        private boolean mayGoOn;
        private boolean reported;

        private Session(
                FirnSourceConfig config,
                OpenParts opened,
                Reading reading,
                SchemaIds ids,
                SourceMeters meters,
                @Nullable TransactionContext transactions) {
            this.ids = ids;
            this.config = config;
            this.opened = opened;
            this.reading = reading;
            this.meters = meters;
            this.transactions = transactions;
        }

        private @Nullable List<SourceRecord> poll() {
            if (unsent.isEmpty()) {
                reading.pace().beginPoll();
                PollBatch batch = new PollBatch(config.pollMaxRecords(), config.pollMaxBytes(), reading.pace());
                mayGoOn = reading.replay().fill(batch);
                meters.handedOut(batch, mayGoOn);
                unsent = batch.records();
            }
            if (unsent.isEmpty()) {
                reportCompletion();
                return null;
            }
            List<SourceRecord> records = unsent;
            ids.rewrite(records); // when it throws, the next poll begins here again
            unsent = List.of();
            if (transactions != null) {
                transactions.commitTransaction();
            }
            return records;
        }

        /** How long a poll without records waits: it never blocks for the whole of a silence. */
        private long waitNs() {
            return mayGoOn ? Math.min(reading.pace().waitNs(), IDLE_WAIT_NS) : IDLE_WAIT_NS;
        }

        private void reportCompletion() {
            if (!reported && reading.replay().isComplete()) {
                LOG.info("Replay complete: everything of this task was handed to the producer");
                reported = true;
            }
        }

        @Override
        public void close() {
            opened.close();
        }
    }
}
