package io.firn.connect.sink;

import io.firn.compress.ZstdLibrary;
import io.firn.connect.common.WorkerMetrics;
import io.firn.error.FirnException;
import io.firn.partition.MissingFieldPolicy;
import io.firn.table.ArchiveRoot;
import io.firn.task.OpenParts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a task holds from start to stop: the archive, its tables, the client of the source cluster.
 *
 * <p>Confined to the task's thread.
 */
final class SinkSession implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SinkSession.class);

    /** Between two attempts to open lanes that found the disk full. */
    private static final long RETRY_NS = Duration.ofSeconds(1).toNanos();

    private final FirnSinkConfig config;
    private final LongSupplier nanoClock;
    private final ErrantRecords.Rules errantRules;
    private final @Nullable ErrantRecordReporter reporter;
    private final TableSet tables;
    private final ClusterCapture capture;
    private final LaneOpener opener;
    private final DiskGuard guard;
    private final SinkMeters meters;
    private final OpenParts opened;
    private long triedNs;

    private SinkSession(
            FirnSinkConfig config,
            ArchiveRoot root,
            SinkTaskContext context,
            SinkEnvironment environment,
            OpenParts opened) {
        this.opened = opened;
        this.config = config;
        this.nanoClock = environment.nanoClock();
        this.triedNs = nanoClock.getAsLong();
        this.errantRules =
                new ErrantRecords.Rules(NullValues.of(config), config.missingField() == MissingFieldPolicy.FAIL);
        this.reporter = errantRules.needReporter() ? reporterOf(context) : null;
        this.meters = new SinkMeters(nanoClock);
        SinkSchemas schemas = opened.keep(SinkSchemas.open(config));
        this.tables = opened.keep(new TableSet(root, config, environment, schemas, meters));
        SourceCluster cluster = opened.keep(SourceCluster.open(config.sourceClient()));
        this.capture = opened.keep(
                ClusterCapture.start(config, cluster, environment.tables(config).clock()));
        this.opener = new LaneOpener(config, tables, cluster, capture, meters);
        this.guard = new DiskGuard(context, tables, config.minFreeBytes(), meters);
        opened.keep(
                WorkerMetrics.show(SinkMetric.of(meters), context::pluginMetrics, config.connector(), config.task()));
    }

    /**
     * Starts a session.
     *
     * @throws ConnectException when this host does not see the archive that the connector saw
     */
    static SinkSession start(FirnSinkConfig config, SinkTaskContext context, SinkEnvironment environment) {
        try {
            ZstdLibrary.ensureLoaded();
            environment.access(config).check(config);
            requireShareable(config, environment);
            return open(config, sharedRoot(config, environment), context, environment);
        } catch (FirnException e) {
            throw new ConnectException(e.getMessage(), e);
        }
    }

    private static SinkSession open(
            FirnSinkConfig config, ArchiveRoot root, SinkTaskContext context, SinkEnvironment environment) {
        OpenParts opened = new OpenParts();
        try {
            return new SinkSession(config, root, context, environment, opened);
        } catch (RuntimeException failed) {
            opened.closeAfter(failed);
            throw failed;
        }
    }

    /** Opens the lanes of partitions that were assigned to the task; those that find the disk full wait for space. */
    Map<TopicPartition, PartitionLane> open(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OpenLane> open = openLanes(partitions);
        Map<TopicPartition, PartitionLane> lanes = new LinkedHashMap<>();
        partitions.forEach(
                partition -> lanes.put(partition, lane(partition, Optional.ofNullable(open.get(partition)))));
        return lanes;
    }

    /** Opens those that wait, at most once a second. */
    void openWaiting(Map<TopicPartition, PartitionLane> lanes, long nowNs) {
        if (nowNs - triedNs < RETRY_NS) {
            return;
        }
        triedNs = nowNs;
        List<TopicPartition> waiting = new ArrayList<>();
        lanes.forEach((partition, lane) -> {
            if (lane.isUnopened()) {
                waiting.add(partition);
            }
        });
        if (waiting.isEmpty()) {
            return;
        }
        Map<TopicPartition, OpenLane> opened = openLanes(waiting);
        lanes.forEach((partition, lane) -> {
            OpenLane open = opened.get(partition);
            if (open != null) {
                lane.enter(open);
            }
        });
    }

    private Map<TopicPartition, OpenLane> openLanes(Collection<TopicPartition> partitions) {
        try {
            return opener.open(partitions);
        } catch (FirnException e) {
            throw new ConnectException("Cannot open the archive of " + partitions + ": " + e.getMessage(), e);
        }
    }

    private PartitionLane lane(TopicPartition partition, Optional<OpenLane> lane) {
        ErrantRecords errant = new ErrantRecords(reporter, errantRules, nanoClock, meters);
        return new PartitionLane(partition, opener, lane, errant, nanoClock);
    }

    /** Forgets a partition that the task has closed. */
    void closed(TopicPartition partition) {
        guard.forget(partition);
        capture.closed(partition);
    }

    DiskGuard guard() {
        return guard;
    }

    SinkMeters meters() {
        return meters;
    }

    long commitIntervalNs() {
        return config.commitInterval().toNanos();
    }

    long rotateIntervalNs() {
        return config.rotateInterval().toNanos();
    }

    @Override
    public void close() {
        opened.close();
    }

    private static void requireShareable(FirnSinkConfig config, SinkEnvironment environment) {
        if (config.tasks() > 1) {
            environment.tables(config).requireShareable(config.tasks() + " tasks cannot write to", config.path());
        }
    }

    private static ArchiveRoot sharedRoot(FirnSinkConfig config, SinkEnvironment environment) {
        Optional<ArchiveRoot> root = ArchiveRoot.open(environment.tables(config), config.path());
        String seen = root.map(found -> "archive " + found.id() + ", made on host " + found.createdOn())
                .orElse("no archive");
        if (root.isEmpty() || !root.get().id().toString().equals(config.archiveId())) {
            throw new ConnectException("Host " + ArchiveRoot.hostName() + " sees " + seen + " at " + config.path()
                    + ", but the connector on host " + config.connectorHost() + " sees archive " + config.archiveId()
                    + " there. " + FirnSinkConfig.PATH + " must be the same directory on every worker: mount the shared"
                    + " file system on both hosts, or run one worker.");
        }
        return root.get();
    }

    private static @Nullable ErrantRecordReporter reporterOf(SinkTaskContext context) {
        try {
            return context.errantRecordReporter();
        } catch (NoSuchMethodError | NoClassDefFoundError e) {
            LOG.info("this worker does not report errant records: cause={}", e.toString());
            return null;
        }
    }
}
