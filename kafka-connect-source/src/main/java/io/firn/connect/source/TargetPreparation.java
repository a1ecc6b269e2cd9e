package io.firn.connect.source;

import io.firn.connect.source.TargetTopic.Need;
import io.firn.table.Table;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes sure before the first record that the target topics are there and take the records: looks at them, and creates
 * those that are missing when that is wanted.
 *
 * <p>Confined to one thread.
 */
final class TargetPreparation {
    private static final Logger LOG = LoggerFactory.getLogger(TargetPreparation.class);

    private final FirnSourceConfig config;
    private final TargetLook look;
    private final ArchiveSurvey survey;
    private final List<LaneGroup> groups;

    private TargetPreparation(FirnSourceConfig config, TargetLook look, ArchiveSurvey survey, List<LaneGroup> groups) {
        this.config = config;
        this.look = look;
        this.survey = survey;
        this.groups = groups;
    }

    /**
     * Prepares nothing yet.
     *
     * @param connectorConfig the whole configuration of the connector, with the framework's options
     * @param tables the open tables by name
     * @param groups what is replayed
     */
    static TargetPreparation of(
            FirnSourceConfig config,
            Map<String, String> connectorConfig,
            Map<String, Table> tables,
            List<LaneGroup> groups) {
        CreationPlan plan = CreationPlan.of(config, tables, groups);
        return new TargetPreparation(
                config,
                new TargetLook(config, connectorConfig, plan),
                new ArchiveSurvey(tables, config.topics()),
                groups);
    }

    /** Number of partitions of the target topics, as far as the partition mode needs it. */
    Map<String, Integer> partitionCounts() {
        return look.partitionCounts(survey.targets(groups));
    }

    /**
     * Looks at the target topics; creates nothing.
     *
     * @throws ConnectException naming every problem and its remedy, when the preflight is strict
     */
    void check() {
        check(needs());
    }

    private void check(Map<String, Need> needs) {
        new Preflight(config, look).run(needs, InstantSource.system().instant());
    }

    /**
     * Creates the missing topics that can be created; topics that exist stay as they are.
     *
     * @throws ConnectException when the target refuses one
     */
    void create() {
        if (new CreationOptions(config).creates()) {
            create(needs());
        }
    }

    /** Looks at topics that are missing, and creates them: those of archived topics that are new in the archive. */
    void createNew() {
        if (!new CreationOptions(config).creates() || config.mode() != FirnSourceConfig.Mode.CONTINUOUS) {
            return;
        }
        Map<String, Need> missing = needs();
        missing.keySet()
                .removeAll(look.cluster().topics(Set.copyOf(missing.keySet())).keySet());
        if (!missing.isEmpty()) {
            check(missing);
            create(missing);
        }
    }

    private Map<String, Need> needs() {
        PartitionRouting routing = new PartitionOptions(config).routing(partitionCounts());
        return survey.needs(groups, routing, config);
    }

    private void create(Map<String, Need> needs) {
        Map<String, TopicToCreate> missing = look.missing(needs);
        List<String> refused = new ArrayList<>();
        Map<String, Need> madeByOthers = new HashMap<>();
        look.cluster().create(missing.values(), false).forEach((name, creation) -> {
            TopicToCreate wanted = Objects.requireNonNull(missing.get(name));
            switch (creation.outcome()) {
                case DONE -> LOG.info("Target topic created: topic={}", wanted);
                case EXISTS -> madeByOthers.put(name, Objects.requireNonNull(needs.get(name)));
                case REFUSED -> refused.add(creation.problem(wanted));
            }
        });
        if (!refused.isEmpty()) {
            throw new ConnectException("Target topics cannot be created: " + String.join("; ", refused) + ".");
        }
        if (!madeByOthers.isEmpty()) {
            LOG.info("Target topics were created meanwhile by somebody else: topics={}", madeByOthers.keySet());
            check(madeByOthers);
        }
    }
}
