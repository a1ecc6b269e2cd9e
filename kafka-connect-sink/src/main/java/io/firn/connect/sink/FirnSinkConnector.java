package io.firn.connect.sink;

import io.firn.compress.ZstdLibrary;
import io.firn.connect.common.ConfigRules;
import io.firn.error.FirnException;
import io.firn.table.ArchiveRoot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkConnector;

/**
 * Archives Kafka topics exactly once into tables below {@code firn.path}.
 *
 * <p>Used by the worker's herder thread.
 */
public final class FirnSinkConnector extends SinkConnector {
    private final SinkEnvironment environment;
    private Map<String, String> properties = Map.of();
    private String archiveId = "";

    /** Creates a connector on the local file system. */
    public FirnSinkConnector() {
        this(SinkEnvironment.system());
    }

    FirnSinkConnector(SinkEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public String version() {
        return SinkVersion.read();
    }

    @Override
    public ConfigDef config() {
        return FirnSinkConfig.DEFINITION;
    }

    @Override
    public Config validate(Map<String, String> connectorConfigs) {
        Map<String, String> given = ConfigRules.given(connectorConfigs);
        Config checked = CrossChecks.apply(super.validate(given), given);
        return ArchiveAccess.complete(checked, given, environment);
    }

    @Override
    public void start(Map<String, String> connectorConfigs) {
        try {
            ZstdLibrary.ensureLoaded();
            FirnSinkConfig config = new FirnSinkConfig(connectorConfigs);
            archiveId = environment.access(config).openOrCreate(config).id().toString();
            properties = Map.copyOf(connectorConfigs);
        } catch (FirnException e) {
            throw new ConnectException(e.getMessage(), e);
        }
    }

    @Override
    public Class<? extends Task> taskClass() {
        return FirnSinkTask.class;
    }

    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        List<Map<String, String>> configs = new ArrayList<>();
        for (int task = 0; task < maxTasks; task++) {
            Map<String, String> config = new HashMap<>(properties);
            config.put(FirnSinkConfig.ARCHIVE_ID, archiveId);
            config.put(FirnSinkConfig.CONNECTOR_HOST, ArchiveRoot.hostName());
            config.put(FirnSinkConfig.TASK, Integer.toString(task));
            config.put(FirnSinkConfig.TASKS, Integer.toString(maxTasks));
            configs.add(config);
        }
        return configs;
    }

    @Override
    public boolean alterOffsets(Map<String, String> connectorConfig, Map<TopicPartition, Long> offsets) {
        try {
            OffsetChange.apply(new FirnSinkConfig(connectorConfig), environment, offsets);
            return true;
        } catch (FirnException e) {
            throw new ConnectException("Cannot change offsets: " + e.getMessage(), e);
        }
    }

    @Override
    public void stop() {
        properties = Map.of();
    }
}
