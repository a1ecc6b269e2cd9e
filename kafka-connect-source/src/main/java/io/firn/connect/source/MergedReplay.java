package io.firn.connect.source;

import io.firn.error.FirnException;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replays archived Kafka partitions merged by time: of the next record of each the one with the lowest timestamp comes
 * first, of equal ones the first by place. So each partition keeps its own order also where its timestamps do not rise,
 * and what comes next depends only on where each lane stands: a restart changes nothing.
 *
 * <p>Confined to one thread.
 */
final class MergedReplay implements ReplayPart {
    private static final Logger LOG = LoggerFactory.getLogger(MergedReplay.class);

    private final List<LaneChain> chains;

    /** Those that stand on a record. */
    private final PriorityQueue<LaneChain> standing =
            new PriorityQueue<>(Comparator.comparingLong(LaneChain::timestampNs).thenComparingInt(LaneChain::place));

    /** Those whose next record is not known yet. */
    private final Set<LaneChain> moving;

    /** Creates the merge; nothing is opened yet. */
    MergedReplay(List<LaneChain> chains) {
        this.chains = List.copyOf(chains);
        this.moving = new LinkedHashSet<>(chains);
    }

    @Override
    public boolean fill(PollBatch batch) {
        try {
            while (standAll(batch)) {
                LaneChain first = standing.peek();
                if (first == null) {
                    return false;
                }
                if (!first.hand(batch)) {
                    return true;
                }
                moving.add(standing.remove());
            }
            return true;
        } catch (FirnException e) {
            close();
            if (batch.isEmpty()) {
                throw e;
            }
            LOG.warn("Reading is tried again after an error: {}", name(), e);
            return true;
        }
    }

    @Override
    public void refresh() {
        for (LaneChain chain : chains) {
            if (chain.isAtEnd()) {
                chain.refresh();
                moving.add(chain);
            }
        }
    }

    @Override
    public String name() {
        return chains.size() + " Kafka partitions merged by time";
    }

    @Override
    public void close() {
        standing.clear();
        moving.clear();
        moving.addAll(chains);
        chains.forEach(LaneChain::close);
    }

    /** Finds the next record of each chain; false when the batch has looked at enough before all are known. */
    private boolean standAll(PollBatch batch) {
        for (Iterator<LaneChain> each = moving.iterator(); each.hasNext(); ) {
            LaneChain chain = each.next();
            if (chain.stand(batch)) {
                standing.add(chain);
            } else if (!chain.isAtEnd()) {
                return false;
            }
            each.remove();
        }
        return true;
    }
}
