package io.firn.series;

import io.firn.error.FirnException;
import io.firn.series.StoredSeries.Moment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Series of a store that another process may write. When maintenance removes a block that is still to be read, it takes
 * another moment of the store and goes on behind the last sample that it gave. Confined to one thread.
 */
final class StoredSource implements SeriesSource {
    /** Moments that may be taken one after the other without giving anything. */
    private static final int MAX_RENEWALS = 100;

    private final StoredSeries store;
    private final List<LabelMatcher> matchers;
    private final TimeRange range;
    private Opened opened;
    /** The series that was given last. */
    private @Nullable Labels last;

    private SeriesType type = SeriesType.UNTYPED;
    /** Whether the present moment stands on a series that was not given yet. */
    private boolean ahead;

    private int renewals;

    private record Opened(ManifestState manifest, MergedSeries series, BlockLibrary.Lent lent) {}

    StoredSource(StoredSeries store, List<LabelMatcher> matchers, TimeRange range) {
        this.store = store;
        this.matchers = matchers;
        this.range = range;
        this.opened = open();
    }

    private Opened open() {
        return store.read(head -> head.select(matchers, range), this::open);
    }

    private Opened open(Moment<HeadSelection> moment, BlockLibrary.Lent lent) {
        ManifestState manifest = moment.manifest();
        ReadCounters counters = store.counters();
        List<BlockInfo> blocks = manifest.blocks().stream()
                .filter(block -> range.overlaps(block.minTimestamp(), block.maxTimestamp()))
                .toList();
        for (int i = blocks.size(); i < manifest.blocks().size(); i++) {
            counters.blockSkipped();
        }
        List<SeriesSource> sources = new ArrayList<>(new BlockSelection(store.library(), lent, counters, null)
                .open(manifest, blocks, matchers, range, read -> {}));
        sources.add(moment.head().source(range));
        return new Opened(manifest, new MergedSeries(sources), lent);
    }

    @Override
    public boolean next() {
        boolean found = ahead || opened.series().next();
        ahead = false;
        if (found) {
            last = opened.series().labels();
            type = opened.series().type();
        }
        return found;
    }

    @Override
    public Labels labels() {
        Labels given = last;
        return given == null ? Labels.EMPTY : given;
    }

    @Override
    public SeriesType type() {
        return type;
    }

    @Override
    public SampleCursor samples() {
        return new Samples();
    }

    /** Takes another moment; returns whether it has the series that was given last, and stands on it. */
    private boolean renew(FirnException failure) {
        renewals++;
        if (renewals > MAX_RENEWALS || !store.hasLost(opened.manifest())) {
            throw failure;
        }
        close();
        opened = open();
        Labels wanted = labels();
        while (opened.series().next()) {
            int order = opened.series().labels().compareTo(wanted);
            if (order >= 0) {
                ahead = order > 0;
                return order == 0;
            }
        }
        return false;
    }

    @Override
    public void close() {
        opened.series().close();
        opened.lent().close();
    }

    /** The samples of the present series, over any number of moments. */
    private final class Samples implements SampleCursor {
        private @Nullable SampleCursor samples;
        private boolean ended;
        private boolean begun;
        private long timestamp;
        private double value;

        @Override
        public boolean next() {
            while (!ended) {
                try {
                    ended = !moveBehind(present());
                    renewals = 0;
                } catch (FirnException failure) {
                    samples = null;
                    ended = !renew(failure);
                    continue;
                }
                return !ended;
            }
            return false;
        }

        private SampleCursor present() {
            SampleCursor present = samples;
            if (present == null) {
                present = opened.series().samples();
                samples = present;
            }
            return present;
        }

        private boolean moveBehind(SampleCursor present) {
            while (present.next()) {
                if (!begun || present.timestamp() > timestamp) {
                    begun = true;
                    timestamp = present.timestamp();
                    value = present.value();
                    return true;
                }
            }
            return false;
        }

        @Override
        public long timestamp() {
            return timestamp;
        }

        @Override
        public double value() {
            return value;
        }
    }
}
