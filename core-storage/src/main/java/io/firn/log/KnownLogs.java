package io.firn.log;

import io.firn.error.CorruptDataException;
import java.lang.ref.SoftReference;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The catalog and the lanes of a table, read by rule 1 and remembered: a log that ends where it ended at the last look
 * is not read, forced and decoded once more. What it committed is never taken back, so it still holds. What is
 * remembered is given up when memory gets short.
 *
 * <p>Thread-safe; holds no open file.
 */
public final class KnownLogs {
    private final TableLayout layout;
    private final Lanes lanes;
    private final BooleanSupplier sizesAreCurrent;
    private volatile SoftReference<CatalogSnapshot> catalog = new SoftReference<>(null);
    private volatile SoftReference<Map<String, LaneSnapshot>> known = new SoftReference<>(null);

    /**
     * Creates one that remembers nothing; no I/O.
     *
     * @param sizesAreCurrent whether names and sizes of files are those of this moment; a network file system may show
     *     older ones until a file is opened, and there every look does
     */
    public KnownLogs(TableLayout layout, Lanes lanes, BooleanSupplier sizesAreCurrent) {
        this.layout = layout;
        this.lanes = lanes;
        this.sizesAreCurrent = sizesAreCurrent;
    }

    /**
     * One for a maintainer, to which an older moment than this one, as a network file system may show, is good enough.
     */
    public static KnownLogs ofMaintainer(TableLayout layout, InstantSource clock) {
        return new KnownLogs(layout, new Lanes(layout, clock), () -> true);
    }

    /** What {@link Catalog#read} gives now. */
    public CatalogSnapshot catalog() {
        return catalog(before -> Catalog.readAgain(layout, before));
    }

    /** The same for who holds the maintainer's lock: a log that nobody began is helped at once. */
    public CatalogSnapshot catalogLocked() {
        return catalog(before -> Catalog.readLocked(layout, before));
    }

    private CatalogSnapshot catalog(Function<@Nullable CatalogSnapshot, CatalogSnapshot> read) {
        CatalogSnapshot before = catalog.get();
        if (before != null && sizesAreCurrent.getAsBoolean() && Catalog.isUnchanged(layout, before)) {
            return before;
        }
        CatalogSnapshot now = read.apply(before);
        catalog = new SoftReference<>(now);
        return now;
    }

    /** What {@link Lanes#readAll()} gives now. */
    public List<LaneSnapshot> lanes() {
        return lanes(name -> true);
    }

    /** What {@link Lanes#readAll(Predicate)} gives now. */
    public List<LaneSnapshot> lanes(Predicate<String> wanted) {
        return lanes(wanted, (unbegun, end) -> {});
    }

    /**
     * The same.
     *
     * @param unbegun hears of the lanes in which nothing was written, and where their logs end
     */
    public List<LaneSnapshot> lanes(Predicate<String> wanted, BiConsumer<String, LogPosition> unbegun) {
        List<LaneSnapshot> found = new ArrayList<>();
        for (String name : laneNames()) {
            if (wanted.test(name)) {
                lane(name).or(() -> laneAgain(name, unbegun)).ifPresent(found::add);
            }
        }
        return found;
    }

    /** A lane that is begun after the look at its end is seen here, or as a change of that. */
    private Optional<LaneSnapshot> laneAgain(String name, BiConsumer<String, LogPosition> unbegun) {
        Optional<LogPosition> end = lanes.endOf(name);
        Optional<LaneSnapshot> begun = lane(name);
        if (begun.isEmpty()) {
            end.ifPresent(position -> unbegun.accept(name, position));
        }
        return begun;
    }

    /** What {@link Lanes#names} gives now; lanes that are gone are forgotten. */
    public List<String> laneNames() {
        List<String> names = lanes.names();
        remembered().keySet().retainAll(Set.copyOf(names));
        return names;
    }

    /** What {@link Lanes#read} gives now. */
    public Optional<LaneSnapshot> lane(String name) {
        Map<String, LaneSnapshot> remembered = remembered();
        LaneSnapshot before = remembered.get(name);
        if (before != null && sizesAreCurrent.getAsBoolean() && lanes.isUnchanged(before)) {
            return Optional.of(before);
        }
        Optional<LaneSnapshot> now = lanes.read(name);
        now.ifPresent(lane -> remembered.put(name, lane));
        return now;
    }

    /**
     * A lane of which the catalog has records.
     *
     * @throws CorruptDataException when its log is lost
     */
    public LaneSnapshot requireLane(String name) {
        return lane(name)
                .orElseThrow(() -> new CorruptDataException(
                        layout.lane(name),
                        0,
                        "expected the log of this writer, of which the catalog has records; found none. Put it back,"
                                + " or run 'firn recover --rebuild-lanes'"));
    }

    private Map<String, LaneSnapshot> remembered() {
        Map<String, LaneSnapshot> remembered = known.get();
        if (remembered == null) {
            remembered = new ConcurrentHashMap<>();
            known = new SoftReference<>(remembered);
        }
        return remembered;
    }
}
