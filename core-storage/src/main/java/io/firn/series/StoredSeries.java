package io.firn.series;

import io.firn.error.FirnException;
import io.firn.error.StorageIoException;
import io.firn.table.Table;
import io.firn.table.TableEnvironment;
import io.firn.task.OpenParts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * What is committed of one store that any other process may write meanwhile; takes no lock and writes nothing.
 * Thread-safe.
 *
 * <p>A moment is found as a plan of a table is: the manifest, then the head, then the manifest again. The head's
 * samples are dropped only after the manifest says that a block holds them, so an unchanged manifest proves that none
 * is missing between them. The content of blocks is read later; what maintenance has removed by then is missing there,
 * not wrong, because no number of a block and no sequence is ever used again. Whoever meets that reads another moment.
 */
final class StoredSeries implements AutoCloseable {
    /** Cuts and deletions come far apart; so many during one reading are no accident. */
    private static final int MAX_ROUNDS = 100;

    private final Path root;
    private final Table samples;
    private final Table chunks;
    private final Table blocks;
    private final ManifestFollowing manifest;
    private final HeadFollowing head;
    private final BlockLibrary library;
    private final ReadCounters counters;
    private Set<Long> knownBlocks = Set.of();

    /**
     * What is there at one moment.
     *
     * @param manifest blocks and deletions
     * @param head what was taken of the head
     */
    record Moment<T>(ManifestState manifest, T head) {}

    /** Reads the content of blocks. */
    interface Reading<H, T> {
        /** Reads; closes what was lent when it is done with it. */
        T read(Moment<H> moment, BlockLibrary.Lent lent);
    }

    private StoredSeries(Path root, Table samples, Table chunks, Table blocks, long indexCacheBytes) {
        this.root = root;
        this.samples = samples;
        this.chunks = chunks;
        this.blocks = blocks;
        this.manifest = new ManifestFollowing(blocks);
        this.counters = new ReadCounters();
        this.head = new HeadFollowing(root, samples, chunks, counters.deletions());
        this.library = new BlockLibrary(chunks, indexCacheBytes);
    }

    /** Opens the tables of a store; nothing is made. */
    static StoredSeries open(Path root, SeriesStoreOptions options) {
        TableEnvironment environment = options.environment();
        OpenParts opened = new OpenParts();
        try {
            return new StoredSeries(
                    root,
                    opened.keep(Table.open(root.resolve(StoreParts.SAMPLES), environment)),
                    opened.keep(Table.open(root.resolve(StoreParts.CHUNKS), environment)),
                    opened.keep(Table.open(root.resolve(StoreParts.BLOCKS), environment)),
                    options.number(SeriesOption.INDEX_CACHE_BYTES));
        } catch (RuntimeException failed) {
            opened.closeAfter(failed);
            throw failed;
        }
    }

    Path root() {
        return root;
    }

    Table samples() {
        return samples;
    }

    Table chunks() {
        return chunks;
    }

    ReadCounters counters() {
        return counters;
    }

    BlockLibrary library() {
        return library;
    }

    /** What the manifest says now. */
    synchronized ManifestState manifest() {
        ManifestState state = manifest.read();
        Set<Long> present = new HashSet<>();
        state.blocks().forEach(block -> present.add(block.id()));
        List<Long> gone = new ArrayList<>(knownBlocks);
        gone.removeAll(present);
        if (!gone.isEmpty()) {
            library.removed(gone);
        }
        knownBlocks = present;
        return state;
    }

    /** Finds a moment. */
    synchronized <T> Moment<T> moment(Function<Head, T> take) {
        for (int round = 0; round < MAX_ROUNDS; round++) {
            ManifestState before = manifest();
            Head read;
            try {
                read = head.read(before);
            } catch (FirnException failure) {
                head.close();
                if (isSameHead(before, manifest())) {
                    throw failure;
                }
                continue;
            }
            ManifestState after = manifest();
            if (isSameHead(before, after)) {
                return new Moment<>(after, take.apply(read));
            }
            head.close();
        }
        throw new StorageIoException(
                "find a quiet moment of",
                root,
                new IOException("blocks were made or samples deleted " + MAX_ROUNDS + " times while it was read"));
    }

    private static boolean isSameHead(ManifestState before, ManifestState after) {
        return before.consumed().equals(after.consumed()) && before.tombstones().equals(after.tombstones());
    }

    /** Reads blocks at a moment, and again at a later one when maintenance has removed one of them meanwhile. */
    <H, T> T read(Function<Head, H> take, Reading<H, T> reading) {
        for (int round = 0; ; round++) {
            Moment<H> moment = moment(take);
            BlockLibrary.Lent lent = library.lend();
            boolean done = false;
            try {
                T result = reading.read(moment, lent);
                done = true;
                return result;
            } catch (FirnException failure) {
                if (round == MAX_ROUNDS || !hasLost(moment.manifest())) {
                    throw failure;
                }
            } finally {
                if (!done) {
                    lent.close();
                }
            }
        }
    }

    /** Whether a block of an earlier moment is gone by now. */
    boolean hasLost(ManifestState earlier) {
        ManifestState now = manifest();
        Set<Long> present = new HashSet<>();
        now.blocks().forEach(block -> present.add(block.id()));
        return earlier.blocks().stream().anyMatch(block -> !present.contains(block.id()));
    }

    @Override
    public synchronized void close() {
        manifest.close();
        head.close();
        library.close();
        blocks.close();
        chunks.close();
        samples.close();
    }
}
