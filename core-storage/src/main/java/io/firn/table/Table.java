package io.firn.table;

import io.firn.access.AccessTracker;
import io.firn.error.ConfigException;
import io.firn.error.NotFoundException;
import io.firn.error.TableLockedException;
import io.firn.fs.PoliteLock;
import io.firn.fs.SpaceReserver;
import io.firn.log.AttemptCommits;
import io.firn.log.KnownLogs;
import io.firn.log.LaneIdentity;
import io.firn.log.LaneName;
import io.firn.log.Lanes;
import io.firn.log.PendingCommit;
import io.firn.log.TableLayout;
import io.firn.partition.PartitionFilter;
import io.firn.partition.PartitionScheme;
import io.firn.schema.RegistrySchemas;
import io.firn.schema.TableSchemas;
import io.firn.segment.SegmentAccess;
import io.firn.segment.SegmentOptions;
import io.firn.topic.TableTopics;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory of records: many writers append to it at once, readers see what is committed, the lifecycle rewrites it
 * in place.
 *
 * <p>Holds no open file and no lock; writers and readers do. Thread-safe.
 */
public final class Table implements AutoCloseable {
    /** A second: whoever looks at a lane has its lock for much less. */
    private static final int LOCK_ROUNDS = 20;
    /** A millisecond: most probably there is an owner to be fenced, and a task of a sink takes over many lanes. */
    private static final int TAKE_OVER_LOCK_ROUNDS = 2;

    private static final Logger LOG = LoggerFactory.getLogger(Table.class);

    private final TableLayout layout;
    private volatile TableMetadata metadata;
    private volatile @Nullable Boolean local;
    private final TableEnvironment environment;
    private final SegmentAccess segmentAccess;
    private final SpaceReserver reserver;
    private final Lanes lanes;
    private final KnownLogs logs;
    private final AccessTracker accesses;
    private final TableSchemas schemas;
    private final TableTopics topics;

    private Table(Path path, TableMetadata metadata, TableEnvironment environment) {
        this.layout = new TableLayout(environment.store(), path, metadata.id());
        this.metadata = metadata;
        this.environment = environment;
        this.segmentAccess = environment.segmentAccess().ofTable(metadata.id());
        long reserveBytes = metadata.config().reserveBytesMax();
        this.reserver = environment.isDeterministic()
                ? SpaceReserver.sameThread(reserveBytes)
                : SpaceReserver.background(reserveBytes);
        this.lanes = new Lanes(layout, environment.clock());
        this.logs = new KnownLogs(layout, lanes, this::seesGrowthOfOpenFiles);
        this.accesses = new AccessTracker(layout, environment.clock());
        this.schemas = new TableSchemas(layout.store(), layout.schemas());
        this.topics = new TableTopics(layout.store(), layout.topics());
    }

    /**
     * Creates a table; of several processes that create it at once exactly one succeeds.
     *
     * @throws ConfigException when the table exists already, the path lies inside another table, or an
     *     option has no meaning for the scheme
     */
    public static Table create(Path path, PartitionScheme scheme, TableConfig config) {
        return create(path, scheme, config, TableEnvironment.system());
    }

    /** Creates a table in an environment; otherwise as {@link #create(Path, PartitionScheme, TableConfig)}. */
    public static Table create(Path path, PartitionScheme scheme, TableConfig config, TableEnvironment environment) {
        config.checkFits(scheme);
        if (!TableCreation.create(environment, path, scheme, config)) {
            throw new ConfigException("The table " + path + " exists already; open it, or choose another path");
        }
        return open(path, environment);
    }

    /**
     * Opens an existing table with the scheme and configuration that it was created with.
     *
     * @throws NotFoundException when there is no table at the path
     */
    public static Table open(Path path) {
        return open(path, TableEnvironment.system());
    }

    /** Opens an existing table in an environment; otherwise as {@link #open(Path)}. */
    public static Table open(Path path, TableEnvironment environment) {
        Path absolute = path.toAbsolutePath().normalize();
        return new Table(absolute, new TableMetadataFile(environment.store(), absolute).read(), environment);
    }

    /**
     * Opens a table, or creates it when there is none. An existing table keeps its configuration.
     *
     * @throws ConfigException when it exists with another scheme
     */
    public static Table openOrCreate(Path path, PartitionScheme scheme, TableConfig config) {
        return openOrCreate(path, scheme, config, TableEnvironment.system());
    }

    /** Opens or creates a table in an environment. */
    public static Table openOrCreate(
            Path path, PartitionScheme scheme, TableConfig config, TableEnvironment environment) {
        if (!new TableMetadataFile(environment.store(), path).exists()) {
            TableCreation.create(environment, path, scheme, config);
        }
        Table table = open(path, environment);
        if (!table.scheme().equals(scheme)) {
            throw new ConfigException("The table " + path + " is partitioned by ["
                    + table.scheme().describe() + "], not by [" + scheme.describe()
                    + "]; a table's scheme never changes: choose another table");
        }
        return table;
    }

    /** The table's identity. */
    public UUID id() {
        return metadata.id();
    }

    /** The table's directory. */
    public Path path() {
        return layout.root();
    }

    /** How records are divided into directories. */
    public PartitionScheme scheme() {
        return metadata.scheme();
    }

    /** The options, as they were when this object opened or changed the table. */
    public TableConfig config() {
        return metadata.config();
    }

    /**
     * Changes options of the table; durable on return, and logged with the old and the new value. Writers, readers and
     * other processes that have the table open keep what they opened with. Of several processes that make the same
     * change at once one makes it and the others find it made.
     *
     * @param change makes the new configuration from the stored one
     * @return the new configuration
     * @throws ConfigException when it changes an option that is not {@link TableOption#isMutable mutable}
     * @throws TableLockedException when another process has been changing options for seconds
     */
    public TableConfig updateConfig(UnaryOperator<TableConfig> change) {
        TableMetadataFile file = new TableMetadataFile(environment.store(), path());
        AtomicReference<TableConfig> before = new AtomicReference<>(config());
        metadata = file.update(stored -> {
            before.set(stored.config());
            return stored.withConfig(change.apply(stored.config()));
        });
        logChanges(Objects.requireNonNull(before.get()).toProperties(), config().toProperties());
        return metadata.config();
    }

    private void logChanges(Map<String, String> before, Map<String, String> after) {
        after.forEach((option, value) -> {
            if (!value.equals(before.get(option))) {
                LOG.info(
                        "table option changed path={} option={} from={} to={}",
                        path(),
                        option,
                        before.get(option),
                        value);
            }
        });
    }

    /**
     * Opens a writer; it starts behind the last commit of its name.
     *
     * @throws TableLockedException when the writer is open elsewhere and {@link WriterOptions#takeOver} is not set
     * @throws ConfigException when the options do not fit the table, or it is to be taken over on a network file system
     *     that is not said to be coherent ({@code shared.fs})
     */
    public TableWriter writer(WriterOptions options) {
        TableMetadataCodec.requireWritable(metadata, path());
        if (options.mapping().isPresent() && options.partition().isPresent()) {
            throw new ConfigException(
                    "Writer '" + options.name() + "' has both a mapping and one partition; give it one of them");
        }
        // One writer name may write to many partitions at once: each is a stream of its own.
        String name = options.partition()
                .map(values -> options.name() + "@" + values.toPath())
                .orElse(options.name());
        LaneIdentity identity = new LaneIdentity(name, lanePropertiesOf(options));
        layout.createDirectories(List.of(layout.lane(identity.lane())));
        Optional<PoliteLock> lock =
                lanes.tryLock(identity.lane(), options.takeOver() ? TAKE_OVER_LOCK_ROUNDS : LOCK_ROUNDS);
        if (lock.isEmpty() && !options.takeOver()) {
            throw new TableLockedException("Writer '" + name + "' of " + path()
                    + " is open in another place; close it or end that process, or write with another writer's name."
                    + " A program that knows that it is gone may take it over (WriterOptions.takeOver)");
        }
        if (lock.isEmpty()) {
            environment.requireShareable(
                    "Writer '" + name + "' is open in another place and cannot be taken over in", path());
            lock = lanes.lockBeside(identity.lane());
        }
        return open(options, identity, lock.orElse(null));
    }

    /**
     * Begins a writer attempt of a two-phase sink; {@link WriterOptions#name} must never have been used.
     *
     * @throws ConfigException when the options do not fit the table, or the name was used before
     */
    public AttemptWriter attempt(WriterOptions options) {
        return AttemptWriter.begin(this, options);
    }

    /**
     * Makes a prepared commit of a writer attempt visible, in any process; repeating it changes nothing.
     *
     * @throws io.firn.error.CorruptDataException when a segment of it is missing and nothing replaced it
     */
    public void commit(PendingCommit commit) {
        AttemptCommits.commit(layout, commit, environment.clock());
    }

    /** Opens a reader on what is visible now. */
    public TableReader reader(ScanOptions options) {
        return new TableReader(this, options);
    }

    /** Starts to read lanes side by side; none is open yet. */
    public LaneReaders laneReaders(long memoryBytes) {
        return new LaneReaders(this, memoryBytes);
    }

    /** Starts to read single records of one writer by their sequences; nothing is open yet. */
    public PointReader pointReader(String writer) {
        return new PointReader(this, writer);
    }

    /** What is committed of each writer, by name. */
    public List<LaneInfo> lanes() {
        return TableContents.lanes(plan());
    }

    /** How the writers differ from those that are known already: lists the lanes, and reads new ones only. */
    public LaneChanges laneChanges(Set<String> knownWriters) {
        Map<String, String> gone = new HashMap<>();
        knownWriters.forEach(writer -> gone.put(LaneName.encode(writer), writer));
        List<LaneInfo> added = logs.lanes(name -> gone.remove(name) == null).stream()
                .map(lane -> LaneInfo.of(lane, 0))
                .toList();
        return new LaneChanges(added, Set.copyOf(gone.values()));
    }

    /** Partitions, hot data and segments at one moment. */
    public TableContents contents() {
        return TableContents.of(this, plan());
    }

    /**
     * Counts what is committed in each partition that a filter chooses, settled or not: exact, and mostly from logs and
     * footers. Only open segments, and those that are settled in part, are read.
     *
     * @return the partitions that hold records, by path
     */
    public List<PartitionSummary> summarize(PartitionFilter filter) {
        return PartitionSummaries.of(this, filter);
    }

    /**
     * Loads blocks of this table's cold files that were in the memory of the environment's cache when its last run
     * ended, from its local levels or the files; nothing when it has no local level.
     *
     * @return blocks that were loaded
     * @see TableEnvironment#withCache
     */
    public int warmCache() {
        return CacheWarming.warm(this);
    }

    /** The schemas of records whose bytes name one by its fingerprint. */
    public TableSchemas schemas() {
        return schemas;
    }

    /** The schemas of a registry whose ids stand in front of keys and values. */
    public RegistrySchemas registrySchemas() {
        return new RegistrySchemas(layout.store(), layout.schemas());
    }

    /** How the Kafka topics were configured whose records are here. */
    public TableTopics topics() {
        return topics;
    }

    /** Tells other processes what was read; writers and readers are closed by who opened them. Idempotent. */
    @Override
    public void close() {
        flushAccess();
    }

    /**
     * When the segments of the table were last read ({@code track.access}); what this object's readers have read is in
     * the files when they are closed.
     */
    public AccessTracker accesses() {
        return accesses;
    }

    void recordAccess(String path, ScanOptions options) {
        if (options.isCounted() && config().trackAccess()) {
            accesses.record(path);
        }
    }

    void tickAccess() {
        if (config().trackAccess()) {
            accesses.tick();
        }
    }

    void flushAccess() {
        if (config().trackAccess()) {
            accesses.flush();
        }
    }

    /** Where the parts of the table lie; for the lifecycle. */
    public TableLayout layout() {
        return layout;
    }

    /** What the table takes from outside; for the lifecycle. */
    public TableEnvironment environment() {
        return environment;
    }

    /** How writers write segments in an existing directory. */
    SegmentOptions segmentOptions(Path directory) {
        return environment.buffersWrites(directory) ? bufferedSegmentOptions() : mappedSegmentOptions();
    }

    /** How segments are written by position; for the lifecycle. */
    public SegmentOptions bufferedSegmentOptions() {
        return mappedSegmentOptions().buffered(environment.buffers());
    }

    private SegmentOptions mappedSegmentOptions() {
        return new SegmentOptions(config().segmentSizeBytes(), config().indexStride(), reserver);
    }

    /** How segments are read; for the lifecycle. */
    public SegmentAccess segmentAccess() {
        return segmentAccess;
    }

    /** The catalog and the lanes, as they are committed now. */
    KnownLogs logs() {
        return logs;
    }

    ReadPlan plan() {
        return ReadPlan.make(logs);
    }

    ReadPlan planOf(Set<String> laneNames) {
        return ReadPlan.make(logs, laneNames);
    }

    boolean isCurrentOfItsLanes(ReadPlan plan) {
        return plan.isCurrentOfItsLanes(layout, lanes);
    }

    boolean isCurrent(ReadPlan plan) {
        return plan.isCurrent(layout, lanes);
    }

    /** Whether a file that stays open shows what others append to it; a network file system may show it late. */
    boolean seesGrowthOfOpenFiles() {
        Boolean known = local;
        if (known == null) {
            known = environment.store().networkFileSystem(path()).isEmpty();
            local = known;
        }
        return known;
    }

    private static Map<String, String> lanePropertiesOf(WriterOptions options) {
        Map<String, String> properties = new HashMap<>(options.properties());
        options.partition().ifPresent(values -> properties.put(LaneIdentity.PARTITION, values.toPath()));
        return properties;
    }

    private TableWriter open(WriterOptions options, LaneIdentity identity, @Nullable PoliteLock lock) {
        try {
            return TableWriter.open(this, options, identity, lock);
        } catch (RuntimeException failed) {
            if (lock != null) {
                lock.close();
            }
            throw failed;
        }
    }
}
