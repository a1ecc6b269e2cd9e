package io.firn.log;

import io.firn.error.ConfigException;
import io.firn.error.CorruptDataException;
import io.firn.error.FirnException;
import io.firn.error.WriterFencedException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The log of one lane as its owner sees it: opening fences every earlier owner, {@link #commit} makes records visible
 * for ever.
 *
 * <p>After an exception of {@link #commit} the lane must be opened again. Confined to one thread (its writer's
 * monitor). Source of the protocol: docs/format/log.md.
 */
public final class LaneLog implements AutoCloseable {
    private final EpochLog log;
    private final LogDirectory directory;
    private final LaneIdentity identity;
    private final List<LaneSegmentName> filesBefore;
    private LaneState state;

    private LaneLog(
            LogDirectory directory,
            EpochLog log,
            LaneIdentity identity,
            List<LaneSegmentName> filesBefore,
            LaneState state) {
        this.filesBefore = filesBefore;
        this.directory = directory;
        this.log = log;
        this.identity = identity;
        this.state = state;
    }

    /**
     * Opens a lane for writing (rules 2 to 7); it is created when it does not exist.
     *
     * @param catalog reads the catalog, or remembers that it has not changed
     * @throws WriterFencedException when somebody else opened it meanwhile
     * @throws CorruptDataException when its log or one of its segments is damaged or missing; nothing is lost by that
     */
    public static LaneLog open(
            TableLayout layout, LaneIdentity identity, InstantSource clock, Supplier<CatalogState> catalog) {
        LogDirectory directory = layout.laneLog(identity.lane());
        layout.createDirectories(List.of(directory.path()));
        return open(layout, directory, clock, Optional.of(identity), catalog);
    }

    /**
     * Opens a lane that exists, in its owner's place: whose it is and what it says of itself stays as it was.
     *
     * @param lane its directory name
     * @throws WriterFencedException when somebody else opened it meanwhile
     */
    public static LaneLog openInPlaceOfOwner(TableLayout layout, String lane, InstantSource clock) {
        return helpOpen(layout, layout.laneLog(lane), clock);
    }

    /** Opens a lane for an owner that died between its fence and its base; writes nothing else. */
    static LaneLog helpOpen(TableLayout layout, LogDirectory directory, InstantSource clock) {
        return open(
                layout,
                directory,
                clock,
                Optional.empty(),
                () -> Catalog.read(layout).state());
    }

    private static LaneLog open(
            TableLayout layout,
            LogDirectory directory,
            InstantSource clock,
            Optional<LaneIdentity> newIdentity,
            Supplier<CatalogState> catalog) {
        EpochLog log = EpochLog.fence(directory, clock);
        try {
            Optional<LogContent> predecessor = log.predecessor();
            if (predecessor.isEmpty()) {
                log.checkNotFenced(); // a successor deletes older logs, also while they are being looked for
            }
            return begin(layout, directory, log, predecessor, newIdentity, catalog);
        } catch (RuntimeException failed) {
            throw log.closeAfter(failed);
        }
    }

    private static LaneLog begin(
            TableLayout layout,
            LogDirectory directory,
            EpochLog log,
            Optional<LogContent> predecessor,
            Optional<LaneIdentity> newIdentity,
            Supplier<CatalogState> catalog) {
        LaneIdentity identity = identity(directory, predecessor, newIdentity);
        LaneState before = predecessor.map(LaneCodec::decode).orElse(LaneState.EMPTY);
        LaneSegmentCheck check = LaneSegmentCheck.of(layout, before, log, catalog);
        List<LaneSegmentName> files = layout.segmentFiles(identity);
        if (newIdentity.isPresent()) { // who opens in an owner's place appends nothing
            LostLogCheck.of(layout, identity, predecessor, before).against(catalog.get(), files);
        }
        LaneState state = before.takenOver(check.live());
        log.begin(LaneCodec.encodeBase(state, identity, LogOwner.ofThisProcess()));
        // Only now: the log is readable again, also when a segment is missing.
        check.throwIfDamaged();
        log.deletePredecessors();
        LaneLog opened = new LaneLog(directory, log, identity, files, state);
        log.publish(state.position());
        return opened;
    }

    private static LaneIdentity identity(
            LogDirectory directory, Optional<LogContent> predecessor, Optional<LaneIdentity> newIdentity) {
        Optional<LaneIdentity> known = predecessor.map(LaneCodec::identity);
        if (known.isPresent()
                && newIdentity.isPresent()
                && !known.get().writer().equals(newIdentity.get().writer())) {
            throw new ConfigException("The lane " + directory.path() + " belongs to the writer '"
                    + known.get().writer() + "', whose name has the same hash as '"
                    + newIdentity.get().writer() + "'; choose another name");
        }
        return newIdentity
                .or(() -> known)
                .orElseThrow(() -> new IllegalStateException("nobody ever opened " + directory.path()));
    }

    /** The fence: files of this owner carry it in their names. */
    public long epoch() {
        return log.epoch();
    }

    /** Directory name of the lane. */
    public String lane() {
        return identity.lane();
    }

    /** Whose lane it is. */
    public LaneIdentity identity() {
        return identity;
    }

    /** The segment files that earlier owners had made when it was opened. */
    public List<LaneSegmentName> filesBefore() {
        return filesBefore;
    }

    /** What is committed. */
    public LaneState state() {
        return state;
    }

    /** Length of the log in bytes: a long one is worth a new epoch. */
    public long lengthBytes() {
        return log.position().lengthBytes();
    }

    /**
     * Commits (rules 9 to 11): appends one entry, forces it, checks the fence, publishes. On return everything that
     * the entry names is durable and visible, provided that its data was forced before (rule 8).
     *
     * @throws WriterFencedException when a successor opened the lane: its base decides whether this commit counts
     */
    public void commit(LaneCommit commit) {
        log.append(LaneCodec.encodeCommit(commit));
        state = state.plus(commit);
        log.publish(state.position());
    }

    /**
     * What to throw instead of what the owner found lost or damaged: itself, unless a successor has opened the lane.
     *
     * @throws WriterFencedException when a successor exists
     */
    public FirnException unlessFenced(FirnException found) {
        return log.unlessFenced(found);
    }

    /** Whether a successor opened the lane. */
    public boolean isFenced() {
        return log.isFenced();
    }

    LogDirectory directory() {
        return directory;
    }

    @Override
    public void close() {
        log.close();
    }
}
