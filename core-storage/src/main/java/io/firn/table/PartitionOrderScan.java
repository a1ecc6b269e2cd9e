package io.firn.table;

import io.firn.error.NotFoundException;
import io.firn.log.LaneSnapshot;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Partition by partition, in each of them lane by lane. Confined to one thread.
 */
final class PartitionOrderScan implements LaneByLaneScan {
    private final Table table;
    private final ScanOptions options;
    private final PartitionPruning pruning;
    private final TreeMap<String, Set<String>> mixedFiles = new TreeMap<>();
    private ScanBatch batch;
    private @Nullable List<String> partitions;
    private int partition;
    private int nextLane;
    private @Nullable LaneScan scan;
    private boolean standing;
    /** Where the open scan began; also of one that failed to open. Empty writer: none is open. */
    private String openWriter = "";

    private long openFrom;
    /** After planning anew: the writer to go on with in the present partition. */
    private String resumedWriter = "";

    private long resumedSequence;
    private boolean ended;

    PartitionOrderScan(Table table, ScanOptions options) {
        this.table = table;
        this.options = options;
        this.pruning = PartitionPruning.of(table.scheme(), options.filter());
        this.batch = ScanBatch.first(table, options);
    }

    @Override
    public boolean next() {
        standing = false;
        for (int replans = 0; ; replans++) {
            try {
                standing = !ended && advance();
                ended = !standing;
                return standing;
            } catch (NotFoundException rewritten) {
                if (replans == MAX_REPLANS) {
                    throw rewritten;
                }
                startAgain();
                batch = batch.replanned();
            } catch (RuntimeException failed) {
                startAgain(); // where it stands: whoever goes on shall skip nothing
                throw failed;
            }
        }
    }

    private boolean advance() {
        if (partitions == null) {
            partitions = BatchPartitions.of(table, batch, pruning, mixedFiles);
        }
        while (true) {
            LaneScan present = scan;
            if (present == null) {
                if (!openNext(partitions)) {
                    return false;
                }
            } else if (present.next() && present.record().sequence() < batch.position(present.writer(), true)) {
                return true;
            } else {
                closeScan();
                openWriter = "";
            }
        }
    }

    private boolean openNext(List<String> paths) {
        List<LaneSnapshot> lanes = batch.plan().lanes();
        while (partition < paths.size()) {
            while (nextLane < lanes.size()) {
                LaneSnapshot lane = lanes.get(nextLane++);
                LaneWindow window = batch.window(lane.lane()).orElse(null);
                String writer = lane.identity().writer();
                // The order of lanes is that of their directories: a writer before the resumed one is done.
                boolean resumed = writer.equals(resumedWriter);
                if (window == null || (!resumedWriter.isEmpty() && !resumed)) {
                    continue;
                }
                long from = resumed ? resumedSequence : window.fromSequence();
                resumedWriter = "";
                openWriter = writer;
                openFrom = from;
                PartitionPruning only = PartitionPruning.only(paths.get(partition), mixedFiles);
                scan = LaneScan.open(
                        SourceSupply.once(table, options, only), batch.plan(), lane, SequenceRange.from(from));
                return true;
            }
            partition++;
            nextLane = 0;
        }
        return false;
    }

    private void startAgain() {
        if (!openWriter.isEmpty()) {
            resumedWriter = openWriter;
            resumedSequence = scan == null ? openFrom : scan.position();
            nextLane = 0;
        }
        closeScan();
    }

    @Override
    public boolean refresh() {
        if (!ended || batch.isCurrent()) {
            return false;
        }
        batch = batch.following();
        partitions = null;
        mixedFiles.clear();
        partition = 0;
        nextLane = 0;
        ended = false;
        return true;
    }

    @Override
    public long position(String writer) {
        return batch.position(writer, ended);
    }

    @Override
    public void close() {
        closeScan();
        standing = false;
        ended = true;
    }

    private void closeScan() {
        if (scan != null) {
            scan.close();
            scan = null;
        }
    }

    @Override
    public LaneScan present() {
        if (!standing || scan == null) {
            throw new IllegalStateException("the reader stands on no record; call next() first");
        }
        return scan;
    }
}
