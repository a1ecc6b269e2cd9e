package io.firn.table;

import io.firn.error.ConfigException;
import io.firn.error.NotFoundException;
import io.firn.error.WriterFencedException;
import io.firn.log.AttemptCommits;
import io.firn.log.CatalogState;
import io.firn.log.LaneIdentity;
import io.firn.log.LaneSnapshot;
import io.firn.log.LaneState;
import io.firn.log.Lanes;
import io.firn.log.PendingCommit;
import io.firn.log.PendingCommit.RetiredAttempt;
import io.firn.log.SinkClaims;
import io.firn.log.Withdrawal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writer attempts of one two-phase sink: which job owns the sink, how an attempt is named, what is committed of it,
 * and what failed attempts left behind.
 *
 * <p>Every process of the job opens its own. The job that opened last owns the sink, and of a job's operators the one
 * that opened last: commits of an earlier one are refused. Thread-safe.
 */
public final class SinkAttempts {
    /** The names of lane properties that make a lane an attempt of a sink begin with this. */
    public static final String PROPERTIES = "firn.sink.";

    /** Lane property: id of the sink that an attempt belongs to. */
    public static final String SINK = "firn.sink.id";

    /** Lane property: id of the job. */
    static final String OWNER = "firn.sink.owner";
    /** Lane property: id of the operator of the job. */
    static final String OPERATOR = "firn.sink.operator";
    /** Lane property: number of the subtask. */
    static final String SUBTASK = "firn.sink.subtask";

    private static final String ORDINAL = "firn.sink.ordinal";
    private static final String HOST = "firn.sink.host";

    /** Each round that fails has somebody else's success before it. */
    private static final int MAX_ROUNDS = 100;

    private static final Logger LOG = LoggerFactory.getLogger(SinkAttempts.class);

    private final Table table;
    private final SinkOwner owner;
    private final SinkClaims claims;
    private final SinkClaims.Claim claim;
    private final Lanes lanes;

    private SinkAttempts(Table table, SinkOwner owner) {
        this.table = table;
        this.owner = owner;
        this.claims = new SinkClaims(table.layout(), table.environment().clock(), owner.sinkId());
        this.claim = new SinkClaims.Claim(owner.jobId(), owner.operatorId(), owner.description());
        this.lanes = new Lanes(table.layout(), table.environment().clock());
        requireClaimNotLost();
        claims.claim(claim);
    }

    /**
     * Opens the sink for an operator of a job, which owns it from now on.
     *
     * @throws WriterFencedException when another job, or another operator of the job, claimed the sink after this one
     *     did
     * @throws io.firn.error.CorruptDataException when this one's claim is lost and others, maybe later ones, were there
     */
    public static SinkAttempts open(Table table, SinkOwner owner) {
        return new SinkAttempts(table, owner);
    }

    /** An owner claims once: one that has written already and has no claim must not overtake who came after it. */
    private void requireClaimNotLost() {
        if (claims.isMade(claim)) {
            return;
        }
        List<LaneIdentity> ofSink = lanes().stream()
                .map(LaneSnapshot::identity)
                .filter(lane -> owner.sinkId().equals(lane.properties().get(SINK)))
                .toList();
        boolean hasWritten = ofSink.stream().anyMatch(this::isOfThisOwner);
        boolean hasRivals = !claims.isEmpty() || !ofSink.stream().allMatch(this::isOfThisOwner);
        // once more: another subtask may have claimed the sink since, and begun an attempt
        if (hasWritten && hasRivals && !claims.isMade(claim)) {
            throw claims.lost(
                    claim,
                    "put the claims back, or stop all jobs of the sink and submit the one that counts as a new job,"
                            + " with an id of its own, from its last checkpoint");
        }
    }

    private boolean isOfThisOwner(LaneIdentity attempt) {
        return isOurs(attempt)
                && (owner.operatorId().isEmpty() || owner.operatorId().equals(operatorOf(attempt)));
    }

    /** Starts the options of a new attempt of a job that began from nothing, or does not say from what. */
    public WriterOptions.Builder attempt(int subtask, List<RestoredAttempt> restored) {
        return attempt(subtask, restored, OptionalLong.empty());
    }

    /**
     * Starts the options of a new attempt of a subtask, with a name that was never used.
     *
     * @param restored attempts of the checkpoint that it goes on from; none when the checkpoint had no state for it
     * @param checkpointId the checkpoint that the job goes on from, empty when it begins from nothing
     */
    public WriterOptions.Builder attempt(int subtask, List<RestoredAttempt> restored, OptionalLong checkpointId) {
        Map<String, String> properties = new HashMap<>();
        properties.put(SINK, owner.sinkId());
        properties.put(OWNER, owner.jobId());
        properties.put(OPERATOR, owner.operatorId());
        properties.put(SUBTASK, Integer.toString(subtask));
        properties.put(ORDINAL, Long.toString(lastOrdinal(subtask) + 1));
        properties.put(HOST, ArchiveRoot.hostName());
        if (!restored.isEmpty()) {
            properties.put(SinkLineage.RESTORED, SinkLineage.describe(restored));
        }
        checkpointId.ifPresent(id -> properties.put(SinkLineage.CHECKPOINT, Long.toString(id)));
        return WriterOptions.named(owner.sinkId() + "-" + subtask + "-" + UUID.randomUUID())
                .properties(properties);
    }

    /**
     * Fails when the table has lost what a checkpoint counts on: a rollback to an older one has taken it back.
     *
     * @throws ConfigException naming the attempt
     */
    public void requireRestorable(List<RestoredAttempt> restored) {
        for (RestoredAttempt attempt : restored) {
            AttemptCommits.withdrawal(table.layout(), attempt.lane())
                    .filter(taken -> taken.whole() || taken.fromSequence() < attempt.nextSequence())
                    .ifPresent(taken -> {
                        throw new ConfigException("Checkpoint " + attempt.checkpointId() + " of sink '"
                                + owner.sinkId() + "' cannot be restored: it counts on what attempt "
                                + attempt.writer() + " wrote, and a rollback to an older checkpoint has taken that"
                                + " back from " + table.path()
                                + ". Restore that older checkpoint, or a checkpoint that was made since.");
                    });
        }
    }

    /**
     * The id of another sink under which an attempt was written: what came after its checkpoint is then not found under
     * this sink's id. Empty when this sink wrote it, or when the table does not know it.
     */
    public Optional<String> otherSinkOf(RestoredAttempt restored) {
        return lanes().stream()
                .filter(lane -> lane.lane().equals(restored.lane()))
                .map(lane -> lane.identity().properties().getOrDefault(SINK, ""))
                .filter(sink -> !sink.isEmpty() && !sink.equals(owner.sinkId()))
                .findFirst();
    }

    /**
     * Whether the table holds more than a checkpoint knows of, written by its attempts later or by attempts that were
     * restored from it: then what the job writes again is there already.
     */
    public boolean isBehind(RestoredAttempt restored) {
        return !notDone(laterThan(List.of(restored)).withdrawals()).isEmpty();
    }

    /** What the sink wrote after a checkpoint, also what was taken back since. */
    public LaterAttempts laterThan(List<RestoredAttempt> restored) {
        List<LaneSnapshot> ofSink = lanes().stream()
                .filter(lane ->
                        owner.sinkId().equals(lane.identity().properties().get(SINK)))
                .toList();
        return new SinkLineage(ofSink).laterThan(restored, owner.jobId());
    }

    /**
     * Ends the attempts of withdrawals, durably: nobody commits to them any more, and no checkpoint is restored that
     * counts on what is taken back. Files of which nothing was committed are deleted; the records are still there, and
     * {@code io.firn.lifecycle.SinkRollback} removes them.
     *
     * @throws WriterFencedException when another job claimed the sink
     */
    public void withdraw(List<Withdrawal> withdrawals) {
        claims.require(claim);
        withdrawals.forEach(this::withdraw);
        for (Withdrawal withdrawal : withdrawals) {
            table.logs()
                    .lane(withdrawal.lane())
                    .ifPresent(lane -> WithdrawnFiles.deleteOfAttempt(table.layout(), lane));
        }
    }

    private void withdraw(Withdrawal withdrawal) {
        for (int round = 1; ; round++) {
            try {
                AttemptCommits.withdraw(
                        table.layout(), withdrawal, table.environment().clock());
                return;
            } catch (NotFoundException tidiedUp) {
                // who else withdraws it, a subtask or a later job, deletes what this one was about to publish
                claims.require(claim);
                if (round == MAX_ROUNDS) {
                    throw tidiedUp;
                }
            }
        }
    }

    /** Those of some withdrawals of which records are still in the table. */
    public List<Withdrawal> notDone(List<Withdrawal> withdrawals) {
        if (withdrawals.isEmpty()) {
            return List.of();
        }
        Map<String, LaneSnapshot> now = new HashMap<>();
        lanes().forEach(lane -> now.put(lane.lane(), lane));
        CatalogState catalog = table.logs().catalog().state(); // after the lanes
        return withdrawals.stream()
                .filter(withdrawal -> {
                    LaneSnapshot lane = now.get(withdrawal.lane());
                    return !withdrawal.isDone(lane == null ? LaneState.EMPTY : lane.state(), catalog);
                })
                .toList();
    }

    /**
     * Makes a prepared commit visible; repeating it changes nothing. What earlier attempts of the same subtask left and
     * nobody can commit any more is deleted.
     *
     * @throws WriterFencedException when another job claimed the sink, or another operator of this one: nothing was
     *     committed
     * @throws io.firn.error.CorruptDataException when a segment of it is missing and nothing replaced it
     */
    public void commit(PendingCommit commit) {
        claims.require(claimOf(commit.identity()));
        table.commit(commit);
        if (commit.number() == 1) {
            discardPredecessors(commit.identity());
        }
        commit.retired().forEach(this::deleteUncommitted);
    }

    /** Who may commit an attempt: the operator of this job that wrote it, or this job, when an earlier one did. */
    private SinkClaims.Claim claimOf(LaneIdentity attempt) {
        String operator = operatorOf(attempt);
        return isOurs(attempt) && !operator.equals(owner.operatorId())
                ? new SinkClaims.Claim(owner.jobId(), operator, "operator " + operator + " of " + owner.description())
                : claim;
    }

    /** Attempts of the same operator and subtask that began before one that has committed: dead ones (decision D56). */
    private void discardPredecessors(LaneIdentity committed) {
        long ordinal = ordinalOf(committed);
        for (LaneSnapshot lane : lanes()) {
            LaneIdentity identity = lane.identity();
            if (isSameSubtask(identity, committed) && ordinalOf(identity) < ordinal) {
                AttemptCommits.Progress progress = AttemptCommits.progress(table.layout(), identity.writer());
                if (progress.committed() == 0 && progress.lastPrepared() == 0) {
                    // also one that has ended: a build that ended it before it deleted its files may have died between
                    WithdrawnFiles.endAttempt(
                            table.layout(),
                            identity.writer(),
                            table.environment().clock());
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
        progress.lane().ifPresent(lane -> WithdrawnFiles.deleteOfAttempt(table.layout(), lane));
    }

    private long lastOrdinal(int subtask) {
        String number = Integer.toString(subtask);
        return lanes().stream()
                .map(LaneSnapshot::identity)
                .filter(identity -> isOurs(identity)
                        && owner.operatorId().equals(operatorOf(identity))
                        && number.equals(identity.properties().get(SUBTASK)))
                .mapToLong(SinkAttempts::ordinalOf)
                .max()
                .orElse(0);
    }

    /** Attempts only: a plain writer may have their properties, in a table that was repartitioned. */
    private List<LaneSnapshot> lanes() {
        return table.logs().lanes(lanes::isAttempt);
    }

    private boolean isOurs(LaneIdentity identity) {
        return owner.sinkId().equals(identity.properties().get(SINK))
                && owner.jobId().equals(identity.properties().get(OWNER));
    }

    private boolean isSameSubtask(LaneIdentity one, LaneIdentity other) {
        return isOurs(one)
                && isOurs(other)
                && operatorOf(one).equals(operatorOf(other))
                && one.properties().get(SUBTASK) != null
                && one.properties().get(SUBTASK).equals(other.properties().get(SUBTASK));
    }

    private static String operatorOf(LaneIdentity identity) {
        return identity.properties().getOrDefault(OPERATOR, "");
    }

    private static long ordinalOf(LaneIdentity identity) {
        return Long.parseLong(identity.properties().getOrDefault(ORDINAL, "0"));
    }
}
