package io.firn.series;

import io.firn.error.ClosedException;
import io.firn.error.ConfigException;
import io.firn.error.NotFoundException;
import io.firn.fs.FileStore;
import io.firn.table.TableEnvironment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Reads numeric streams while any process writes them: takes no lock, writes nothing, shows what is committed at the
 * time of each call. Opens one {@link SeriesStore}'s directory, or a directory of such directories, whose samples it
 * shows together: of two with one timestamp in one series that of the store with the later name counts, by length and
 * then by characters, so that {@code 10} comes after {@code 9}.
 *
 * <p>The samples of the head are read into memory with the first call and stay there, 16 to 32 bytes each; later calls
 * read on. A selection shows the store of one moment as long as maintenance removes no block that it still has to read;
 * then it goes on in the store as it is by then, behind the last sample that it gave: every sample that was there in
 * the beginning, and was neither deleted nor overwritten since, comes once. Thread-safe, a cursor is confined to one
 * thread.
 */
public final class SeriesReader implements AutoCloseable {
    private static final String LOST_AND_FOUND = "lost+found";

    private final Path path;
    private final List<StoredSeries> stores;
    private final TimestampUnit unit;
    private volatile boolean closed;

    private SeriesReader(Path path, List<StoredSeries> stores, TimestampUnit unit) {
        this.path = path;
        this.stores = stores;
        this.unit = unit;
    }

    /** Opens what is there with the defaults; otherwise as {@link #open(Path, SeriesStoreOptions)}. */
    public static SeriesReader open(Path directory) {
        return open(directory, SeriesStoreOptions.defaults());
    }

    /**
     * Opens what is there. Stores that are made later in a directory of stores are not seen.
     *
     * @param directory a store, or a directory of stores
     * @param options environment and {@code index.cache.bytes}; the others mean nothing here
     * @throws NotFoundException when there is no store
     * @throws io.firn.error.CorruptDataException when a table of a store is lost
     * @throws ConfigException when the stores of a directory have different units of timestamps
     */
    public static SeriesReader open(Path directory, SeriesStoreOptions options) {
        Path absolute = directory.toAbsolutePath().normalize();
        List<StoredSeries> stores = new ArrayList<>();
        boolean done = false;
        try {
            Set<TimestampUnit> units = new HashSet<>();
            requireNoneLost(absolute, options.environment());
            for (Path root : roots(absolute, options.environment().store())) {
                StoredSeries store = StoredSeries.open(root, options);
                stores.add(store);
                // without a first record nobody has finished to make it
                if (store.manifest().unit().isPresent()) {
                    units.add(store.manifest().unit().get());
                } else {
                    stores.remove(store);
                    store.close();
                }
            }
            SeriesReader reader = new SeriesReader(absolute, List.copyOf(stores), onlyUnit(absolute, units));
            done = true;
            return reader;
        } finally {
            if (!done) {
                stores.forEach(StoredSeries::close);
            }
        }
    }

    /** Whether a directory is a store, or holds some, also ones that nobody has finished to make. */
    public static boolean isStoreOrHoldsSome(Path directory, TableEnvironment environment) {
        return !storesAt(directory, environment).isEmpty();
    }

    /** The store at a path, or else those in the directory, also ones that nobody has finished to make. */
    public static List<Path> storesAt(Path directory, TableEnvironment environment) {
        return roots(directory.toAbsolutePath().normalize(), environment.store());
    }

    private static List<Path> roots(Path directory, FileStore files) {
        if (isStore(directory, files)) {
            return List.of(directory);
        }
        if (!files.isDirectory(directory)) {
            return List.of();
        }
        return children(directory, files).filter(child -> isStore(child, files)).toList();
    }

    /** By name, short ones first; without what ext4 makes at the root of a disk, where only root may look. */
    private static Stream<Path> children(Path directory, FileStore files) {
        return files.list(directory).stream()
                .filter(name -> !name.equals(LOST_AND_FOUND))
                .sorted(Comparator.comparingInt(String::length).thenComparing(name -> name))
                .map(directory::resolve);
    }

    private static boolean isStore(Path directory, FileStore files) {
        return StoreTables.areIn(directory, files);
    }

    /** A store of which a table is lost is none of {@link #roots}: it would be missing without a word. */
    private static void requireNoneLost(Path directory, TableEnvironment environment) {
        FileStore files = environment.store();
        StoreTables.requireNoneLost(directory, environment);
        if (!isStore(directory, files) && files.isDirectory(directory)) {
            children(directory, files).forEach(child -> StoreTables.requireNoneLost(child, environment));
        }
    }

    private static TimestampUnit onlyUnit(Path directory, Set<TimestampUnit> units) {
        if (units.isEmpty()) {
            throw new NotFoundException("No series store at " + directory + ": expected the tables "
                    + StoreParts.SAMPLES + ", " + StoreParts.CHUNKS + " and " + StoreParts.BLOCKS
                    + " in it, or in directories below it. Check the path, or write samples first.");
        }
        if (units.size() > 1) {
            throw new ConfigException(
                    "The series stores below " + directory + " have timestamps in " + units + "; read each by itself");
        }
        return units.iterator().next();
    }

    /** What was opened. */
    public Path path() {
        return path;
    }

    /** The directories of the stores that are read. */
    public List<Path> stores() {
        return stores.stream().map(StoredSeries::root).toList();
    }

    /** The unit of all timestamps. */
    public TimestampUnit timestampUnit() {
        return unit;
    }

    /**
     * Selects series by labels, in the order of their labels.
     *
     * @param matchers all must hold; at least one must not match an absent label
     * @param range timestamps that are wanted
     * @throws ConfigException when all matchers match an absent label
     * @throws io.firn.error.CorruptDataException when stored bytes are damaged; the message names file and offset
     */
    public SeriesCursor select(List<LabelMatcher> matchers, TimeRange range) {
        return scan(LabelMatcher.requireSelective(matchers), range);
    }

    /** The same for whoever may want everything: conditions may also all match an absent label, or be none. */
    public SeriesCursor scan(List<LabelMatcher> matchers, TimeRange range) {
        checkOpen();
        List<LabelMatcher> checked = List.copyOf(matchers);
        List<SeriesSource> sources = new ArrayList<>();
        boolean done = false;
        try {
            for (StoredSeries store : stores) {
                store.counters().selection();
                sources.add(new StoredSource(store, checked, range));
            }
            MergedSeries all = new MergedSeries(sources);
            SeriesCursor cursor = new SeriesCursor(all, stores.get(0).counters(), () -> {});
            done = true;
            return cursor;
        } finally {
            if (!done) {
                sources.forEach(SeriesSource::close);
            }
        }
    }

    /** Selects all samples of series; otherwise as {@link #select(List, TimeRange)}. */
    public SeriesCursor select(LabelMatcher... matchers) {
        return select(List.of(matchers), TimeRange.ALL);
    }

    /** The names of all labels, ascending; those of deleted samples until compaction. */
    public Set<String> labelNames() {
        return texts(SeriesIndex::labelNames);
    }

    /** The values of a label, ascending, none without such a label; those of deleted samples until compaction. */
    public Set<String> labelValues(String name) {
        return texts(index -> index.labelValues(name));
    }

    /**
     * Number of series, with those whose samples were all deleted, until compaction. Reads the labels of all blocks.
     */
    public long seriesCount() {
        checkOpen();
        if (stores.size() == 1) {
            return StoredContents.series(stores.get(0)).size();
        }
        Set<Labels> all = new HashSet<>();
        stores.forEach(store -> all.addAll(StoredContents.series(store)));
        return all.size();
    }

    /** What is marked in each store, by its directory's name and the mark's. */
    public Map<String, Map<String, Long>> marks() {
        checkOpen();
        Map<String, Map<String, Long>> all = new TreeMap<>();
        for (StoredSeries store : stores) {
            StoredSeries.Moment<Map<String, Long>> moment = store.moment(head -> Map.copyOf(head.marks()));
            Map<String, Long> marks = new TreeMap<>(moment.manifest().consumed().marks());
            marks.putAll(moment.head());
            all.put(String.valueOf(store.root().getFileName()), marks);
        }
        return all;
    }

    /** Counts and sizes of what is committed. */
    public SeriesContents contents() {
        checkOpen();
        return stores.stream()
                .map(store -> StoredContents.of(store, unit))
                .reduce(SeriesContents::plus)
                .orElseThrow();
    }

    private Set<String> texts(Function<SeriesIndex, Set<String>> names) {
        checkOpen();
        Set<String> all = new TreeSet<>();
        stores.forEach(store -> all.addAll(StoredContents.texts(store, names)));
        return all;
    }

    private void checkOpen() {
        if (closed) {
            throw new ClosedException("The reader of series in " + path + " is closed; open it again");
        }
    }

    /** Closes everything that it has open; selections that run must be closed before. Idempotent. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            stores.forEach(StoredSeries::close);
        }
    }
}
