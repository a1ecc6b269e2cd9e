package io.firn.table;

import io.firn.record.RecordView;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Files whose sequences overlap, merged by sequence; a file is opened only when the merge reaches its first sequence.
 *
 * <p>Confined to one thread.
 */
final class MergeSource implements RecordSource {
    private final Deque<SourceSpec> pending;
    private final Function<SourceSpec, RecordSource> open;
    private final PriorityQueue<RecordSource> waiting = new PriorityQueue<>(
            Comparator.comparingLong(source -> source.record().sequence()));
    private @Nullable RecordSource current;
    /** No other file, open or not, has a record below it. */
    private long nextOfOthers = Long.MIN_VALUE;

    /**
     * Creates the merge.
     *
     * @param specs rewritten files, in any order
     * @param open opens one of them
     * @param hot the records that are not rewritten yet, as one more input
     */
    MergeSource(List<SourceSpec> specs, Function<SourceSpec, RecordSource> open, RecordSource hot) {
        List<SourceSpec> sorted = new ArrayList<>(specs);
        sorted.sort(Comparator.comparingLong(SourceSpec::firstSequence));
        this.pending = new ArrayDeque<>(sorted);
        this.open = open;
        enqueue(hot);
    }

    @Override
    public boolean next() {
        RecordSource last = current;
        if (last == null) {
            return choose();
        }
        if (!last.next()) {
            last.close();
        } else if (last.record().sequence() < nextOfOthers) {
            return true;
        } else {
            waiting.add(last);
        }
        return choose();
    }

    /** Takes the file with the lowest sequence; it goes on alone until it reaches the next one's. */
    private boolean choose() {
        current = null;
        while (!pending.isEmpty() && reaches(pending.getFirst())) {
            enqueue(open.apply(pending.removeFirst()));
        }
        current = waiting.poll();
        RecordSource second = waiting.peek();
        nextOfOthers = Math.min(
                pending.isEmpty() ? Long.MAX_VALUE : pending.getFirst().firstSequence(),
                second == null ? Long.MAX_VALUE : second.record().sequence());
        return current != null;
    }

    @Override
    public RecordView record() {
        return present().record();
    }

    @Override
    public String partitionPath() {
        return present().partitionPath();
    }

    @Override
    public RecordFile file() {
        return present().file();
    }

    @Override
    public void close() {
        waiting.forEach(RecordSource::close);
        waiting.clear();
        pending.clear();
        if (current != null) {
            current.close();
            current = null;
        }
    }

    private boolean reaches(SourceSpec spec) {
        RecordSource first = waiting.peek();
        return first == null || spec.firstSequence() <= first.record().sequence();
    }

    private void enqueue(RecordSource source) {
        boolean stands = false;
        try {
            stands = source.next();
        } finally {
            if (!stands) {
                source.close();
            }
        }
        if (stands) {
            waiting.add(source);
        }
    }

    private RecordSource present() {
        if (current == null) {
            throw new IllegalStateException("the source stands on no record");
        }
        return current;
    }
}
