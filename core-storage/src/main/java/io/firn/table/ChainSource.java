package io.firn.table;

import io.firn.record.RecordView;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Files whose sequences follow each other, one open at a time. Confined to one thread. */
final class ChainSource implements RecordSource {
    private final Iterator<SourceSpec> rest;
    private final Function<SourceSpec, RecordSource> open;
    private @Nullable RecordSource current;

    ChainSource(List<SourceSpec> specs, Function<SourceSpec, RecordSource> open) {
        this.rest = specs.iterator();
        this.open = open;
    }

    @Override
    public boolean next() {
        while (true) {
            if (current != null && current.next()) {
                return true;
            }
            close();
            if (!rest.hasNext()) {
                return false;
            }
            current = open.apply(rest.next());
        }
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
    public void close() {
        if (current != null) {
            current.close();
            current = null;
        }
    }

    private RecordSource present() {
        if (current == null) {
            throw new IllegalStateException("the source stands on no record");
        }
        return current;
    }
}
