package io.firn.connect.source;

import io.firn.error.FirnException;
import io.firn.table.Table;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The look at the target registry before the first record: with {@code schema.id.remap=registry} every schema that will
 * be needed is registered here, so that a refusal is told at once and versions get the order of the archive.
 *
 * <p>Thread-safe.
 */
final class RegistryCheck {
    private static final Logger LOG = LoggerFactory.getLogger(RegistryCheck.class);

    private RegistryCheck() {}

    /**
     * Registers the schemas of all lanes.
     *
     * @throws ConnectException naming every problem, when the preflight is strict
     */
    static void run(FirnSourceConfig config, Map<String, Table> tables, List<LaneGroup> groups) {
        if (RemapOptions.remap(config) == RemapOptions.Remap.OFF
                || config.preflight() == FirnSourceConfig.Preflight.OFF) {
            return;
        }
        List<String> problems = problems(config, tables, groups);
        if (problems.isEmpty()) {
            return;
        }
        if (config.preflight() == FirnSourceConfig.Preflight.WARN) {
            problems.forEach(problem -> LOG.warn("Preflight: {}", problem));
            return;
        }
        throw new ConnectException("Schema ids cannot be remapped: " + String.join(" ", problems) + " ("
                + RemapOptions.REMAP + "=off replays the bytes as they are; " + FirnSourceConfig.PREFLIGHT
                + "=warn goes on all the same.)");
    }

    private static List<String> problems(FirnSourceConfig config, Map<String, Table> tables, List<LaneGroup> groups) {
        try (SchemaIds ids = SchemaIds.open(config, tables.values())) {
            ids.ping();
            return register(ids, tables, targets(config, groups));
        } catch (FirnException e) {
            return List.of(String.valueOf(e.getMessage()));
        }
    }

    private static List<String> register(SchemaIds ids, Map<String, Table> tables, Set<Target> targets) {
        List<String> problems = new ArrayList<>();
        int registered = 0;
        for (Target target : targets) {
            Table table = tables.get(target.table());
            if (table == null) {
                throw new IllegalStateException("table " + target.table() + " is not open");
            }
            try {
                registered += ids.register(table.id().toString(), target.topic());
            } catch (FirnException e) {
                problems.add("Topic '" + target.topic() + "': " + e.getMessage());
            }
        }
        if (registered == 0 && problems.isEmpty() && !targets.isEmpty()) {
            problems.add("No table that is replayed keeps a schema: its records were archived without "
                    + "schema.registry.url and schema.capture.");
        }
        return problems;
    }

    private static Set<Target> targets(FirnSourceConfig config, List<LaneGroup> groups) {
        Set<Target> targets = new TreeSet<>();
        for (LaneGroup group : groups) {
            for (ReplayLane lane : group.lanes()) {
                targets.add(new Target(lane.table(), config.topics().target(lane.topic())));
            }
        }
        return Collections.unmodifiableSet(targets);
    }

    private record Target(String table, String topic) implements Comparable<Target> {
        @Override
        public int compareTo(Target other) {
            int byTopic = topic.compareTo(other.topic);
            return byTopic != 0 ? byTopic : table.compareTo(other.table);
        }
    }
}
