package io.firn.log;

import io.firn.error.NotFoundException;
import io.firn.error.StorageIoException;
import io.firn.error.WriterFencedException;
import io.firn.fs.FileStore;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The catalog as its owner, the maintainer, sees it: opening fences every earlier maintainer, {@link #commit} makes a
 * rewrite visible for ever.
 *
 * <p>Outputs are made in {@link #temporary}, under names of {@link #nextOutputName}, and renamed to their places before
 * the commit. Confined to one thread, or guarded by its owner's monitor. Source of the protocol: docs/format/log.md.
 */
public final class CatalogLog implements AutoCloseable {
    private static final Pattern OUTPUT_NAME =
            Pattern.compile("(" + LogFormat.NUMBER + ")-([0-9a-f]{8})\\.q(?:\\.zst)?");
    private static final Pattern DIRECTORY_NAME = Pattern.compile("(\\d{1,18})(?:\\..*)?");
    private static final Logger LOG = LoggerFactory.getLogger(CatalogLog.class);
    private static final String NUMBER_AND_EPOCH = "%020d-%08x";

    private final TableLayout layout;
    private final EpochLog log;
    private final Path temporary;
    private final CatalogState.Builder visible;
    /** What is visible; null when it has changed since it was asked for: a copy for each commit would cost too much. */
    private @Nullable CatalogState state;

    private long nextNumber;
    private boolean leftToSuccessor;
    private boolean idle;

    private CatalogLog(TableLayout layout, EpochLog log, Path temporary, CatalogState state) {
        this.layout = layout;
        this.log = log;
        this.temporary = temporary;
        this.visible = state.toBuilder();
        this.state = state;
        this.nextNumber = state.nextNumber();
    }

    /** Creates the empty catalog of a table that is being made; nobody else sees the table yet. */
    public static CatalogLog create(TableLayout layout, InstantSource clock) {
        layout.createDirectories(List.of(layout.catalog(), layout.temporary()));
        EpochLog log = EpochLog.fence(layout.catalogLog(), clock);
        return begin(layout, log, CatalogState.EMPTY);
    }

    /**
     * Opens the catalog for writing (rules 16 and 17).
     *
     * @throws WriterFencedException when another maintainer opened it meanwhile
     * @throws io.firn.error.CorruptDataException when the catalog is damaged or lost
     */
    public static CatalogLog open(TableLayout layout, InstantSource clock) {
        return open(layout, clock, state -> state);
    }

    /**
     * Opens the catalog for writing and forgets removals that nobody needs any more (rule 18): the lane does not list
     * the segment, and its file is gone for ever. Reads all lanes.
     *
     * @throws WriterFencedException when another maintainer opened it meanwhile
     */
    public static CatalogLog openForgetting(TableLayout layout, InstantSource clock) {
        return open(layout, clock, state -> new ForgottenRemovals(layout, clock).without(state));
    }

    private static CatalogLog open(TableLayout layout, InstantSource clock, UnaryOperator<CatalogState> clean) {
        layout.createDirectories(List.of(layout.catalog(), layout.temporary()));
        if (layout.catalogLog().highestEpoch() == 0) {
            throw Catalog.lost(layout);
        }
        EpochLog log = EpochLog.fence(layout.catalogLog(), clock);
        CatalogState state;
        try {
            Optional<LogContent> before = log.predecessor();
            if (before.isEmpty()) {
                log.checkNotFenced(); // a successor deletes older logs, also while they are being looked for
                throw Catalog.lost(layout);
            }
            state = clean.apply(CatalogCodec.decode(before.get()));
        } catch (RuntimeException failed) {
            throw log.closeAfter(failed);
        }
        return begin(layout, log, state);
    }

    private static CatalogLog begin(TableLayout layout, EpochLog log, CatalogState state) {
        try {
            Path temporary = layout.temporary().resolve(directoryName(log.epoch()));
            layout.createDirectories(List.of(temporary));
            log.begin(CatalogCodec.encodeBase(state, LogOwner.ofThisProcess()));
            CatalogLog catalog = new CatalogLog(layout, log, temporary, state);
            new CatalogOrphans(layout, state, log.epoch(), temporary).remove();
            log.deletePredecessors();
            log.publish(state.nextNumber());
            return catalog;
        } catch (RuntimeException failed) {
            throw log.closeAfter(failed);
        }
    }

    /** The fence: files of this maintainer carry it in their names. */
    public long epoch() {
        return log.epoch();
    }

    /** What is visible. */
    public CatalogState state() {
        CatalogState known = state;
        if (known == null) {
            known = visible.build();
            state = known;
        }
        return known;
    }

    /** The directory in which this maintainer makes its outputs; a successor renames it away. */
    public Path temporary() {
        return temporary;
    }

    /**
     * Says that no rewrite is under way: the temporary directory goes when it is empty, so that nobody takes it for
     * what somebody left who died.
     */
    public void pause() {
        if (!leftToSuccessor && !idle) {
            idle = deleteTemporary();
        }
    }

    /**
     * Makes the temporary directory again after {@link #pause}; before every rewrite.
     *
     * @return false when a successor opened the catalog: close it
     */
    public boolean resume() {
        if (idle && !isFenced()) {
            layout.store().createDirectory(temporary);
            layout.store().forceDirectory(layout.temporary());
            idle = false;
        }
        // Looked for behind that: a successor who comes later finds the directory, and renames it away.
        return !isFenced();
    }

    /** Length of the log in bytes: a long one is worth a new epoch. */
    public long lengthBytes() {
        return log.position().lengthBytes();
    }

    /** A file name that no segment of this table ever had, without extension. */
    public String nextOutputName() {
        return String.format(NUMBER_AND_EPOCH, nextNumber++, (int) log.epoch());
    }

    /** Whether a successor opened the catalog; before a commit: delete the outputs and stop. */
    public boolean isFenced() {
        return log.isFenced();
    }

    /**
     * Makes a rewrite visible: appends one entry, forces it, checks the fence. On return the inputs may be deleted.
     *
     * @throws WriterFencedException when a successor opened the catalog: touch neither inputs nor outputs
     */
    public void commit(CatalogChange change) {
        boolean left = leftToSuccessor;
        leftToSuccessor = true;
        log.append(CatalogCodec.encodeChange(change, nextNumber));
        log.publish(nextNumber);
        leftToSuccessor = left;
        visible.nextNumber(nextNumber).apply(change);
        state = null;
    }

    /**
     * Says that files of this maintainer are left which no entry names: the temporary directory stays when the log is
     * closed, so that the next maintainer looks for them. Also the case after a commit that failed.
     */
    public void leaveToSuccessor() {
        leftToSuccessor = true;
    }

    /** Closes the log; an empty temporary directory goes, so that the next maintainer need not look for orphans. */
    @Override
    public void close() {
        log.close();
        pause();
    }

    private boolean deleteTemporary() {
        FileStore store = layout.store();
        try {
            return store.list(temporary).isEmpty() && store.delete(temporary);
        } catch (NotFoundException renamedAway) {
            LOG.debug("a successor has the temporary directory: path={}", temporary);
        } catch (StorageIoException failed) {
            LOG.warn("left to the next maintainer: path={} cause={}", temporary, failed.toString());
        }
        return false;
    }

    static String directoryName(long epoch) {
        return Long.toString(epoch);
    }

    /** The epoch whose temporary directory has, or had until a successor renamed it away, this name; 0 for others. */
    static long epochOfDirectory(String name) {
        Matcher matcher = DIRECTORY_NAME.matcher(name);
        return matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
    }

    /** Whether a file has a name as {@link #nextOutputName} gives them, with the extension of a segment. */
    public static boolean isOutputName(String fileName) {
        return OUTPUT_NAME.matcher(fileName).matches();
    }

    /** The catalog epoch (its low 32 bits) that made a file of this name; empty for other files. */
    static Optional<Integer> epochOfOutput(String fileName) {
        Matcher matcher = OUTPUT_NAME.matcher(fileName);
        return matcher.matches() ? Optional.of(Integer.parseUnsignedInt(matcher.group(2), 16)) : Optional.empty();
    }
}
