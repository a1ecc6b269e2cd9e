package io.firn.connect.source;

import io.firn.compress.ZstdLibrary;
import io.firn.connect.common.ConfigRules;
import io.firn.error.FirnException;
import io.firn.table.ArchiveRoot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.ConnectorTransactionBoundaries;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;
import org.jspecify.annotations.Nullable;

/**
 * Replays archived topics into Kafka: the same keys, values, headers, timestamps and Kafka partitions, in the same
 * order within each partition.
 *
 * <p>Confined to the worker's threads, one at a time.
 */
public final class FirnSourceConnector extends SourceConnector {
    private final SourceAccess access;
    private Map<String, String> properties = Map.of();
    private @Nullable ArchiveWatch watch;

    /** Creates the connector; the worker calls {@link #start}. */
    public FirnSourceConnector() {
        this(SourceAccess.OF_PROCESS);
    }

    FirnSourceConnector(SourceAccess access) {
        this.access = access;
    }

    @Override
    public String version() {
        return SourceVersion.get();
    }

    @Override
    public ConfigDef config() {
        return FirnSourceConfig.DEFINITION;
    }

    @Override
    public Class<? extends Task> taskClass() {
        return FirnSourceTask.class;
    }

    @Override
    public Config validate(Map<String, String> connectorConfigs) {
        Map<String, String> given = ConfigRules.given(connectorConfigs);
        Config checked = ConnectorCheck.complete(super.validate(given), given);
        return access.complete(checked, given);
    }

    @Override
    public void start(Map<String, String> connectorConfig) {
        FirnSourceConfig config = new FirnSourceConfig(connectorConfig);
        properties = Map.copyOf(connectorConfig);
        try (ArchivedTables tables = new ArchivedTables(config, access)) {
            ZstdLibrary.ensureLoaded();
            access.check(config);
            tables.openAll(config.tables());
            Converters.require(connectorConfig, tables.byName(), config.topics());
            ArchiveSurvey survey = new ArchiveSurvey(tables.byName(), config.topics());
            List<LaneGroup> groups = survey.groups();
            boolean follows = config.mode() == FirnSourceConfig.Mode.CONTINUOUS;
            if (groups.isEmpty() && !follows) {
                throw new ConnectException("Nothing to replay: no table below " + config.path() + " holds a topic of '"
                        + config.getList(FirnSourceConfig.TOPICS) + "' (tables found: "
                        + tables.byName().keySet()
                        + "). Correct " + FirnSourceConfig.PATH + ", " + FirnSourceConfig.TABLE + " or "
                        + FirnSourceConfig.TOPICS + ".");
            }
            MergeMemory.preflight(config, groups.size());
            TargetPreparation target = TargetPreparation.of(config, connectorConfig, tables.byName(), groups);
            target.check();
            RegistryCheck.run(config, tables.byName(), groups);
            target.create();
            if (follows) {
                watch = ArchiveWatch.start(config, groups, context()::requestTaskReconfiguration);
            }
        } catch (FirnException e) {
            throw new ConnectException(e.getMessage(), e);
        }
    }

    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        FirnSourceConfig config = new FirnSourceConfig(properties);
        try (ArchivedTables tables = new ArchivedTables(config, access)) {
            tables.openAll(config.tables());
            ArchiveSurvey survey = new ArchiveSurvey(tables.byName(), config.topics());
            List<LaneGroup> groups = survey.groups();
            List<List<LaneGroup>> assignments =
                    LaneBalancer.assign(groups, new OrderOptions(config).isMerged() ? 1 : maxTasks);
            TargetPreparation prepared = TargetPreparation.of(config, properties, tables.byName(), groups);
            prepared.createNew();
            TaskTarget target = new TaskTarget(Math.max(1, assignments.size()), prepared.partitionCounts());
            List<Map<String, String>> tasks = new ArrayList<>();
            for (List<LaneGroup> assigned : assignments) {
                Map<String, String> task = new HashMap<>(properties);
                task.put(TaskPlan.KEY, new TaskPlan(ArchiveRoot.hostName(), assigned).toJson());
                task.put(SourceMeters.TASK, Integer.toString(tasks.size()));
                task.put(TaskTarget.KEY, target.toJson());
                tasks.add(task);
            }
            return tasks;
        } catch (FirnException e) {
            throw new ConnectException(e.getMessage(), e);
        }
    }

    @Override
    public void stop() {
        if (watch != null) {
            watch.close();
            watch = null;
        }
    }

    @Override
    public ExactlyOnceSupport exactlyOnceSupport(Map<String, String> connectorConfig) {
        return ExactlyOnceSupport.SUPPORTED;
    }

    @Override
    public ConnectorTransactionBoundaries canDefineTransactionBoundaries(Map<String, String> connectorConfig) {
        return ConnectorTransactionBoundaries.SUPPORTED;
    }

    @Override
    public boolean alterOffsets(Map<String, String> connectorConfig, Map<Map<String, ?>, Map<String, ?>> offsets) {
        SourceOffset.checkAlteration(offsets);
        return true;
    }
}
