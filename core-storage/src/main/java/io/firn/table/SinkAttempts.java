package io.firn.table;

import io.firn.error.WriterFencedException;
import io.firn.log.AttemptCommits;
import io.firn.log.LaneIdentity;
import io.firn.log.LaneSnapshot;
import io.firn.log.Lanes;
import io.firn.log.PendingCommit;
import io.firn.log.PendingCommit.RetiredAttempt;
import io.firn.log.SinkClaims;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writer attempts of one two-phase sink: which job owns the sink, how an attempt is named, what is committed of it,
 * and what failed attempts left behind.
 *
 * <p>Every process of the job opens its own. The job that opened last owns the sink: commits of an earlier one are
 * refused. Thread-safe.
 */
public final class SinkAttempts {
    /** Lane property: id of the sink that an attempt belongs to. */
    public static final String SINK = "firn.sink.id";

    private static final String OWNER = "firn.sink.owner";
    private static final String SUBTASK = "firn.sink.subtask";
    private static final String ORDINAL = "firn.sink.ordinal";
    private static final String HOST = "firn.sink.host";

    private static final Logger LOG = LoggerFactory.getLogger(SinkAttempts.class);

    private final Table table;
    private final SinkOwner owner;
    private final SinkClaims claims;
    private final SinkClaims.Claim claim;
    private final long claimNumber;

    private SinkAttempts(Table table, SinkOwner owner) {
        this.table = table;
        this.owner = owner;
        this.claims = new SinkClaims(table.layout(), table.environment().clock(), owner.sinkId());
        this.claim = new SinkClaims.Claim(owner.jobId(), owner.description());
        this.claimNumber = claims.claim(claim);
    }

    /**
     * Opens the sink for a job, which owns it from now on.
     *
     * @throws WriterFencedException when another job claimed the sink after this one did
     */
    public static SinkAttempts open(Table table, SinkOwner owner) {
        return new SinkAttempts(table, owner);
    }

    /** Starts the options of a new attempt of a subtask, with a name that was never used. */
    public WriterOptions.Builder attempt(int subtask) {
        Map<String, String> properties = new HashMap<>();
        properties.put(SINK, owner.sinkId());
        properties.put(OWNER, owner.jobId());
        properties.put(SUBTASK, Integer.toString(subtask));
        properties.put(ORDINAL, Long.toString(lastOrdinal(subtask) + 1));
        properties.put(HOST, ArchiveRoot.hostName());
        return WriterOptions.named(owner.sinkId() + "-" + subtask + "-" + UUID.randomUUID())
                .properties(properties);
    }

    /**
     * Whether more of an attempt is committed than a checkpoint knows of: then the checkpoint is not the latest, and
     * what the job writes again is in the table already.
     */
    public boolean isBehind(RetiredAttempt restored) {
        AttemptCommits.Progress progress = AttemptCommits.progress(table.layout(), restored.writer());
        return progress.retired() || progress.committed() > restored.number();
    }

    /**
     * Makes a prepared commit visible; repeating it changes nothing. What earlier attempts of the same subtask left and
     * nobody can commit any more is deleted.
     *
     * @throws WriterFencedException when another job claimed the sink: nothing was committed
     * @throws io.firn.error.CorruptDataException when a segment of it is missing and nothing replaced it
     */
    public void commit(PendingCommit commit) {
        claims.require(claimNumber, claim);
        table.commit(commit);
        if (commit.number() == 1) {
            discardPredecessors(commit.identity());
        }
        commit.retired().forEach(this::deleteUncommitted);
    }

    /** Attempts of the same job and subtask that began before one that has committed: they are dead (decision D56). */
    private void discardPredecessors(LaneIdentity committed) {
        long ordinal = ordinalOf(committed);
        for (LaneSnapshot lane : lanes()) {
            LaneIdentity identity = lane.identity();
            if (isSameSubtask(identity, committed) && ordinalOf(identity) < ordinal) {
                AttemptCommits.Progress progress = AttemptCommits.progress(table.layout(), identity.writer());
                if (progress.committed() == 0 && !progress.retired()) {
                    RetiredAttempt nothing = new RetiredAttempt(identity.writer(), 0);
                    AttemptCommits.retire(
                            table.layout(), nothing, table.environment().clock());
                    deleteUncommitted(nothing);
                }
            }
        }
    }

    private void deleteUncommitted(RetiredAttempt retired) {
        AttemptCommits.Progress progress = AttemptCommits.progress(table.layout(), retired.writer());
        if (progress.committed() < retired.number()) {
            LOG.warn(
                    "the last prepared commit of a retired attempt is missing, its files stay: attempt={} prepared={}"
                            + " committed={}",
                    retired.writer(),
                    retired.number(),
                    progress.committed());
            return;
        }
        progress.lane().ifPresent(lane -> WithdrawnFiles.delete(table.layout(), lane));
    }

    private long lastOrdinal(int subtask) {
        String number = Integer.toString(subtask);
        return lanes().stream()
                .map(LaneSnapshot::identity)
                .filter(identity ->
                        isOurs(identity) && number.equals(identity.properties().get(SUBTASK)))
                .mapToLong(SinkAttempts::ordinalOf)
                .max()
                .orElse(0);
    }

    private List<LaneSnapshot> lanes() {
        return new Lanes(table.layout(), table.environment().clock()).readAll();
    }

    private boolean isOurs(LaneIdentity identity) {
        return owner.sinkId().equals(identity.properties().get(SINK))
                && owner.jobId().equals(identity.properties().get(OWNER));
    }

    private boolean isSameSubtask(LaneIdentity one, LaneIdentity other) {
        return isOurs(one)
                && isOurs(other)
                && one.properties().get(SUBTASK) != null
                && one.properties().get(SUBTASK).equals(other.properties().get(SUBTASK));
    }

    private static long ordinalOf(LaneIdentity identity) {
        return Long.parseLong(identity.properties().getOrDefault(ORDINAL, "0"));
    }
}
