package io.firn.series;

import io.firn.error.WriterFencedException;
import io.firn.lifecycle.LifecycleStats;
import io.firn.metrics.OperationMetrics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Numeric streams: series of samples, found by labels. A directory with three ordinary tables, on which every {@code
 * firn} command works: {@code samples} as they are written, {@code chunks} with the content of blocks, {@code blocks}
 * with the list of what counts.
 *
 * <p>A written sample is in memory and in table {@code samples} until the head becomes a block. Late samples and
 * samples in any order are legal; of two with one timestamp in one series the one that was written last counts. When
 * {@link #write} returns the samples can be selected; they are on the disk then with {@code commit.every=write}, the
 * default, and else with the next {@link #flush} or commit: until then they survive the death of the process as
 * uncommitted data that the next owner withdraws, so take them for lost.
 *
 * <p>After a failed call the store shows what it showed before, and its next call finds out what is committed. When
 * that fails too, for example because the disk is still full, selections and statistics go on with what was shown
 * before; every other call fails, and the next one tries again. Samples that were written but not committed ({@code
 * commit.every} is not {@code write}) stay in memory and are written again; only the end of the process, or another one
 * that takes over, loses them. {@link #flush} says when they are safe.
 *
 * <p>One process writes; a second one is refused while the first has the store open, or fences it off by option.
 * Thread-safe: any number of threads may write, select, delete, flush, cut and compact at once.
 */
public final class SeriesStore implements AutoCloseable {
    private final Path path;
    private final StoreContext context;
    private final StoreRecovery recovery;
    private final HeadWriting writing;
    private final BlockWork work;
    private final Tiering tiering;
    private final Selections selections;
    private final TimestampUnit unit;
    private final OperationMetrics metrics;
    private final StoreTasks tasks;

    private SeriesStore(Path path, StoreContext context, StoreRecovery recovery) {
        this.path = path;
        this.context = context;
        this.recovery = recovery;
        this.unit = context.parts().manifest().state().unit().orElseThrow();
        this.writing = new HeadWriting(context, recovery);
        Compactor compactor = new Compactor(context, recovery);
        this.tiering = new Tiering(context, compactor);
        this.work = new BlockWork(context, recovery, compactor, tiering, unit);
        this.selections = new Selections(context, tiering);
        this.metrics = context.counters().metrics();
        this.tasks = new StoreTasks(context.parts().options().backgroundOptions());
    }

    private void start() {
        boolean done = false;
        try {
            tiering.coldAsFarAsKnown(); // so that the first statistics know, whatever becomes of the disk by then
            tasks.start(context.records().cache(), work, this::collect);
            if (context.parts().options().flag(SeriesOption.METRICS_JMX)) {
                tasks.export(path.toString(), metrics);
            }
            done = true;
        } finally {
            if (!done) {
                tasks.close();
            }
        }
    }

    private SeriesStats collect() {
        return StatsCollector.collect(context, tiering.coldAsFarAsKnown(), unit, tasks.stats());
    }

    /** Opens a store with the defaults, or makes it; otherwise as {@link #open(Path, SeriesStoreOptions)}. */
    public static SeriesStore open(Path directory) {
        return open(directory, SeriesStoreOptions.defaults());
    }

    /**
     * Opens a store, or makes it when there is none. Reads the samples that no block holds yet.
     *
     * @param directory the store's directory; its tables lie in it
     * @throws io.firn.error.TableLockedException when the store is open elsewhere and {@code take.over} is not set
     * @throws io.firn.error.ConfigException when it was made with another {@code timestamp.unit} than the options say
     * @throws io.firn.error.CorruptDataException when stored bytes are damaged, or a table is lost or an older copy
     *     than the others; the message names file and offset
     */
    public static SeriesStore open(Path directory, SeriesStoreOptions options) {
        Path absolute = directory.toAbsolutePath().normalize();
        StoreParts parts = StoreParts.open(absolute, options);
        boolean done = false;
        try {
            StoreContext context = StoreContext.of(parts);
            StoreRecovery recovery = new StoreRecovery(context);
            recovery.open();
            SeriesStore store = new SeriesStore(absolute, context, recovery);
            store.start();
            done = true;
            return store;
        } finally {
            if (!done) {
                parts.close();
            }
        }
    }

    /** The store's directory. */
    public Path path() {
        return path;
    }

    /** The unit of all timestamps. */
    public TimestampUnit timestampUnit() {
        return unit;
    }

    /**
     * Writes samples, all or none. May make a block of the head afterwards, in this thread; a failure of that does not
     * concern the batch and stands in {@link #stats}.
     *
     * @param batch not changed, and not kept
     * @throws io.firn.error.InvalidRecordException when the batch is empty or has labels above the limits of the
     *     options
     * @throws io.firn.error.StorageIoException when the file system failed: nothing of the batch is there; write it
     *     again. After a failure of the commit itself it may be there nevertheless; writing it again changes nothing
     * @throws io.firn.error.WriterFencedException when another process took over: close this store
     */
    public void write(SeriesBatch batch) {
        long startNs = metrics.startNs();
        counted(() -> {
            if (!writing.hasRoom(batch)) {
                work.makeRoom();
            }
            writing.write(batch);
            return true;
        });
        metrics.recordWrite(batch.size(), startNs);
        work.cutIfDue();
    }

    /**
     * Checks a batch by itself, without the store's content; {@link #write} does it too.
     *
     * @throws io.firn.error.InvalidRecordException when it is empty or has labels above the limits of the options
     */
    public void check(SeriesBatch batch) {
        writing.check(batch);
    }

    /**
     * Makes everything written so far durable.
     *
     * @throws io.firn.error.StorageIoException when the file system failed: samples written since the last commit are
     *     in memory only; the next call writes them again, and the next flush or commit tries to make them durable
     */
    public void flush() {
        counted(() -> {
            writing.flush();
            return true;
        });
    }

    /**
     * Selects series by labels, as they are now: what is written, deleted or compacted meanwhile does not show.
     *
     * @param matchers all must hold; at least one must not match an absent label
     * @param range timestamps that are wanted
     * @throws io.firn.error.ConfigException when all matchers match an absent label
     */
    public SeriesCursor select(List<LabelMatcher> matchers, TimeRange range) {
        long startNs = metrics.startNs();
        SeriesCursor cursor = counted(() -> {
            recovery.ensureReadable();
            return selections.select(LabelMatcher.requireSelective(matchers), range);
        });
        metrics.recordRead(0, startNs);
        return cursor;
    }

    /** Selects all samples of series; otherwise as {@link #select(List, TimeRange)}. */
    public SeriesCursor select(LabelMatcher... matchers) {
        return select(List.of(matchers), TimeRange.ALL);
    }

    /** The names of all labels, ascending; those of deleted samples until compaction. */
    public Set<String> labelNames() {
        return read(selections::labelNames);
    }

    /** The values of a label, ascending, none without such a label; those of deleted samples until compaction. */
    public Set<String> labelValues(String name) {
        return read(() -> selections.labelValues(name));
    }

    /**
     * Number of series; with those whose samples were all deleted, until compaction. Reads the labels of all blocks.
     */
    public long seriesCount() {
        return read(selections::seriesCount);
    }

    /**
     * What {@link SeriesBatch#mark} has set last, by name; deletions and retention change nothing of it.
     *
     * @throws io.firn.error.StorageIoException when it is not known whether the last write counts, and the file system
     *     does not let us find out: whoever goes on in a source from a mark must not go by an older one
     */
    public Map<String, Long> marks() {
        return counted(() -> {
            recovery.ensureShown();
            return context.state().marks();
        });
    }

    /**
     * Deletes the samples that were written so far. Durable on return, with everything that was written before;
     * selections that run may still show it. It is gone from the files after {@link #compact} only.
     *
     * @param matchers as in {@link #select(List, TimeRange)}
     * @param range timestamps that are deleted
     * @throws io.firn.error.ConfigException when all matchers match an absent label, or a regular expression takes too
     *     long on a label's value in the head or in a block of the range; nothing is deleted then
     */
    public void delete(List<LabelMatcher> matchers, TimeRange range) {
        counted(() -> {
            work.delete(LabelMatcher.requireSelective(matchers), range);
            return true;
        });
    }

    /**
     * Makes a block of everything written so far.
     *
     * @return false when there was nothing
     */
    public boolean cut() {
        return counted(work::cut);
    }

    /**
     * Makes a block of the head, and as few blocks of all as the {@code compact.} options allow; what was deleted
     * before is gone from the files then, but for what selections still read.
     *
     * @return how many blocks were made of others
     */
    public int compact() {
        return counted(work::compact);
    }

    /**
     * Removes the blocks whose newest sample is older than this, by {@code retention.reference}.
     *
     * @return how many
     */
    public int expire(Duration age) {
        return counted(() -> work.expire(age));
    }

    /**
     * Makes all blocks COLD: each is written anew in its smallest form and compressed.
     *
     * @return what was skipped for want of space, and what failed; those blocks stay as they are
     * @throws io.firn.error.StorageIoException when a block could not be written anew; those before it are done
     */
    public LifecycleStats compress() {
        return counted(work::compress);
    }

    /** Makes all blocks WARM again; otherwise as {@link #compress}. */
    public LifecycleStats decompress() {
        return counted(work::decompress);
    }

    /**
     * Does what is due by the options: makes a block of an old head, compacts, expires, compresses and decompresses,
     * and removes from the disk what counts no more. The background does it by itself, unless {@code
     * background.enabled} is false: call it now and then in that case. A step that fails is tried again by the next
     * call. From any thread.
     */
    public Maintenance maintain() {
        return counted(work::maintain);
    }

    /** Everything that the store knows of itself. */
    public SeriesStats stats() {
        recovery.checkOpen();
        return collect();
    }

    /** Counters and latencies of the operations, for who exports them. */
    public OperationMetrics metrics() {
        return metrics;
    }

    /**
     * Loads what was in the cache's memory when the store was closed, from its local levels or the blocks; nothing when
     * the cache has no local level. Selections may go on meanwhile.
     *
     * @return records that were loaded
     */
    public int warm() {
        return read(() -> context.records().warm(context.state().manifest().blocks()));
    }

    /**
     * Makes everything durable and closes. Background work completes or leaves no trace; it is waited for at most twice
     * {@code background.stop.timeout}. Selections that run must be closed before. Idempotent.
     *
     * @throws io.firn.error.StorageIoException when samples that were not committed could not be, which are lost; the
     *     store is closed nevertheless
     * @throws io.firn.error.WriterFencedException likewise, when another process took over before they were committed
     *     and no call has told of it
     */
    @Override
    public void close() {
        context.state().stop();
        context.parts().stopRewrites();
        try {
            tasks.close();
        } finally {
            closeParts();
        }
    }

    private void closeParts() {
        context.state().structure().lock();
        context.state().writing().lock();
        try {
            if (recovery.isClosed()) {
                return;
            }
            try {
                recovery.commitLast();
            } finally {
                recovery.close();
                context.records().close();
                context.library().close();
                context.parts().close();
            }
        } finally {
            context.state().writing().unlock();
            context.state().structure().unlock();
        }
    }

    /** Forgets what can be read from the files again; for tests. */
    void forgetIndexes() {
        context.library().forgetIndexes();
    }

    private <T> T read(Supplier<T> reading) {
        return counted(() -> {
            recovery.ensureReadable();
            return reading.get();
        });
    }

    private <T> T counted(Supplier<T> operation) {
        try {
            recovery.checkOpen();
            return context.counters().counted(operation);
        } catch (WriterFencedException overtaken) {
            recovery.toldOfFence();
            throw overtaken;
        }
    }
}
