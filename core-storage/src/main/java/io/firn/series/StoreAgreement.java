package io.firn.series;

import io.firn.error.CorruptDataException;
import io.firn.table.Table;
import java.nio.file.Path;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the three tables of a store are of one time. Each may be an older copy than the others, or another store's:
 * who goes on with an old manifest takes newer blocks for left-overs and deletes them, who goes on with an old head
 * gives sequences again that count as consumed. Immutable; thread-safe.
 *
 * @param root the store
 * @param manifest what its table {@code blocks} says
 */
record StoreAgreement(Path root, ManifestState manifest) {
    private static final Logger LOG = LoggerFactory.getLogger(StoreAgreement.class);

    /**
     * Before anything is written.
     *
     * @param head the next sequence of table {@code samples}
     * @param chunks the next sequence of table {@code chunks}
     * @throws CorruptDataException when one of the tables is lost, an older copy or another store's
     */
    void checkPositions(long head, long chunks) {
        if (manifest.unit().isEmpty() && Math.max(head, chunks) > 0) {
            throw lost(
                    StoreParts.BLOCKS,
                    "a first record, because the tables beside it hold " + head + " and " + chunks + " records",
                    "none");
        }
        checkHead(head);
        long end = manifest.blocks().stream()
                .mapToLong(BlockInfo::endSequence)
                .max()
                .orElse(0);
        if (chunks < end) {
            throw lost(StoreParts.CHUNKS, "records of blocks up to position " + end, "position " + chunks);
        }
    }

    /** The same for the head alone. */
    void checkHead(long position) {
        long consumed = manifest.consumed().sequence();
        if (position < consumed) {
            throw lost(
                    StoreParts.SAMPLES,
                    "samples up to position " + consumed + ", which stand in blocks",
                    "position " + position);
        }
    }

    /**
     * After the head was read: whether it begins where the blocks end. A newer manifest says in which block samples are
     * that it misses; when there is no such block, somebody has dropped them.
     *
     * @param begin the first sequence of the head that is there, its position when it is empty
     * @param chunks the table
     * @throws CorruptDataException when the manifest is an older copy, or another store's
     */
    void checkHeadBegin(long begin, Table chunks) {
        long consumed = manifest.consumed().sequence();
        if (begin > consumed) {
            requireNoNewerBlock(Leftovers.partitions(chunks, BlockTable.BLOCK), "samples of the head");
            LOG.warn("samples are in no block, and were dropped: path={} from={} to={}", root, consumed, begin);
        }
    }

    /**
     * For who keeps others from removing blocks: a newer manifest may say which block replaces one that is gone.
     *
     * @throws CorruptDataException when the manifest is an older copy, or another store's
     */
    void checkBlocks(Table chunks) {
        Set<Long> stored = Leftovers.partitions(chunks, BlockTable.BLOCK);
        if (manifest.blocks().stream().anyMatch(block -> !stored.contains(block.id()))) {
            requireNoNewerBlock(stored, "blocks of before");
        }
    }

    private void requireNoNewerBlock(Set<Long> stored, String gone) {
        long newest = stored.stream().mapToLong(Long::longValue).max().orElse(0);
        if (newest > manifest.lastBlock()) {
            throw lost(
                    StoreParts.BLOCKS,
                    "a record of block " + newest + ", because it is there and " + gone + " are gone",
                    "the last one at block " + manifest.lastBlock());
        }
    }

    private CorruptDataException lost(String table, String expected, String found) {
        return new CorruptDataException(
                root.resolve(table),
                0,
                "expected " + expected + "; found " + found + ". The table is lost, an older copy or of another store:"
                        + " put back that of the time of the others");
    }
}
