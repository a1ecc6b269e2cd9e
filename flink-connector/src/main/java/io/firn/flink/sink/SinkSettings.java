package io.firn.flink.sink;

import io.firn.error.ConfigException;
import io.firn.error.NotFoundException;
import io.firn.flink.FlinkMemory;
import io.firn.flink.TableLocation;
import io.firn.partition.MissingFieldPolicy;
import io.firn.partition.PartitionMapping;
import io.firn.partition.PartitionScheme;
import io.firn.table.ArchiveRoot;
import io.firn.table.SinkOwner;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableOption;
import java.io.Serializable;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.JobInfo;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.jspecify.annotations.Nullable;

/**
 * What the user has set, as it travels to the TaskManagers.
 *
 * @param location the table
 * @param sinkId the sink
 * @param guarantee what is promised of every element
 * @param restoreOlder what happens after a restore from an old checkpoint
 * @param scheme the scheme of a partitioner function as text, null when the options say the mapping
 * @param options options of the table
 */
record SinkSettings(
        TableLocation location,
        String sinkId,
        DeliveryGuarantee guarantee,
        RestoreOlder restoreOlder,
        @Nullable String scheme,
        Map<String, String> options)
        implements Serializable {
    private static final long serialVersionUID = 1L;
    /** Scope variables of Flink's metrics: nothing else tells a writer which operator it is. */
    private static final String OPERATOR_ID = "<operator_id>";

    private static final String OPERATOR_NAME = "<operator_name>";

    SinkSettings {
        options = Map.copyOf(options);
        new SinkOwner(sinkId, "check", "", "check");
        TableConfig config = TableConfig.fromProperties(options, location.table());
        if (config.missingField() == MissingFieldPolicy.ERRANT) {
            throw new ConfigException("Invalid value 'errant' for '" + TableOption.PARTITION_MISSING_FIELD.key()
                    + "': Flink has no dead letter queue; use fail, or null and a partition for such records");
        }
        if (restoreOlder != RestoreOlder.APPEND && guarantee != DeliveryGuarantee.EXACTLY_ONCE) {
            throw new ConfigException("Invalid value '" + restoreOlder.name().toLowerCase(Locale.ROOT)
                    + "' for 'restore.older': under " + guarantee
                    + " no checkpoint says what was written after it; use exactly-once, or append");
        }
        if (scheme != null && config.partitionMapping().isPresent()) {
            throw new ConfigException("'" + TableOption.PARTITION_FIELDS.key()
                    + "' and a partitioner function exclude each other; give one of them");
        }
    }

    /** How records are routed; empty when a partitioner function does. */
    Optional<PartitionMapping> mapping() {
        TableConfig config = config();
        return config.partitionMapping().map(mapping -> mapping.withMissingField(config.missingField()));
    }

    /** The scheme that the table must have. */
    PartitionScheme partitionScheme() {
        return scheme == null
                ? mapping().map(PartitionMapping::scheme).orElseGet(() -> PartitionScheme.parse(""))
                : PartitionScheme.parse(scheme);
    }

    TableConfig config() {
        return TableConfig.fromProperties(options, location.table());
    }

    /** A part of a job that commits what its operators prepared. */
    SinkOwner committer(JobInfo job) {
        return new SinkOwner(sinkId, job.getJobId().toHexString(), "", describe(job));
    }

    /** The operator that writes: another sink of the job has another one. */
    SinkOwner writer(WriterInitContext context) {
        Map<String, String> operator = context.metricGroup().getAllVariables();
        JobInfo job = context.getJobInfo();
        return new SinkOwner(
                sinkId,
                job.getJobId().toHexString(),
                operator.getOrDefault(OPERATOR_ID, ""),
                "operator '" + operator.getOrDefault(OPERATOR_NAME, "sink") + "' of " + describe(job));
    }

    private static String describe(JobInfo job) {
        return "job '" + job.getJobName() + "' (" + job.getJobId() + ")";
    }

    /**
     * Opens the table. The first subtask makes it when there is none; the others must see it then, which shows that
     * their hosts share the directory.
     *
     * @return empty when this subtask has to look again
     */
    Optional<Table> open(int subtask, int parallelism) {
        if (parallelism > 1) {
            FlinkMemory.environment(location)
                    .requireShareable(
                            parallelism + " subtasks cannot write to", java.nio.file.Path.of(location.path()));
        }
        if (subtask > 0 && !location.exists()) {
            return Optional.empty();
        }
        ArchiveRoot root = location.rootOrCreate();
        Table table = Table.openOrCreate(
                root.tablePath(location.table()), partitionScheme(), config(), FlinkMemory.environment(location));
        TableConfig written = table.config().withProperties(mutable(), location.table());
        if (!written.equals(table.config())) {
            table.updateConfig(stored -> stored.withProperties(mutable(), location.table()));
        }
        return Optional.of(table);
    }

    private Map<String, String> mutable() {
        Map<String, String> changed = new java.util.HashMap<>(options);
        changed.remove(TableOption.PARTITION_FIELDS.key());
        return changed;
    }

    NotFoundException notShared(int subtask) {
        return new NotFoundException("Subtask " + subtask + " on host " + ArchiveRoot.hostName() + " sees no table '"
                + location.table() + "' at " + location.path()
                + ", although subtask 0 has made it. Every TaskManager must"
                + " see the same directory there: mount the shared file system on all of them, or run the sink with"
                + " parallelism 1.");
    }
}
