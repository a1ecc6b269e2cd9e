package io.firn.table;

import io.firn.record.RecordView;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Files whose sequences follow each other, one open at a time. Confined to one thread. */
final class ChainSource implements RecordSource {
    private Iterator<SourceSpec> rest;
    private final Function<SourceSpec, Optional<SegmentSource>> open;
    private final Consumer<SegmentSource> release;
    private @Nullable SegmentSource current;
    private boolean waiting;

    /**
     * Creates the chain.
     *
     * @param specs the files in order
     * @param open opens one of them; empty when it holds nothing yet, and then nothing follows
     * @param release takes each of them back when it is left
     */
    ChainSource(
            List<SourceSpec> specs,
            Function<SourceSpec, Optional<SegmentSource>> open,
            Consumer<SegmentSource> release) {
        this.rest = specs.iterator();
        this.open = open;
        this.release = release;
    }

    @Override
    public boolean next() {
        while (true) {
            if (current != null && current.next()) {
                return true;
            }
            if (!rest.hasNext()) {
                return false; // the last one may grow
            }
            close();
            current = open.apply(rest.next()).orElse(null);
            if (current == null) {
                rest = Collections.emptyIterator();
                waiting = true;
                return false;
            }
        }
    }

    /** Whether it stopped at a file that held nothing yet: that one does not show by itself what comes. */
    boolean isWaiting() {
        return waiting;
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
        SegmentSource left = current;
        if (left != null) {
            current = null;
            release.accept(left);
        }
    }

    private RecordSource present() {
        if (current == null) {
            throw new IllegalStateException("the source stands on no record");
        }
        return current;
    }
}
