package io.firn.connect.source;

import io.firn.connect.common.ConfigRules;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;

/**
 * The options that leave topics out and name their targets.
 *
 * <p>Thread-safe.
 */
final class TopicOptions {
    static final String EXCLUDE = "restore.topics.exclude";
    static final String TEMPLATE = "restore.topic.template";

    private TopicOptions() {}

    /** Completes a selection with these options of a checked configuration. */
    static TopicSelection apply(AbstractConfig config, TopicSelection selection) {
        return selection.with(config.getList(EXCLUDE), config.getString(TEMPLATE));
    }

    static void define(ConfigDef def) {
        def.define(
                EXCLUDE,
                ConfigDef.Type.LIST,
                "",
                Importance.MEDIUM,
                "Names or patterns (* and ?) of archived topics that are not replayed although restore.topics names"
                        + " them.",
                "Selection",
                7,
                Width.LONG,
                "Topics left out");
        def.define(
                TEMPLATE,
                ConfigDef.Type.STRING,
                TopicSelection.TOPIC_VARIABLE,
                ConfigRules.parsing(
                        "a topic name with ${topic}", value -> TopicSelection.parseTemplate(value.toString())),
                Importance.MEDIUM,
                "Name in the target cluster of a topic that restore.topic.map does not name; ${topic} stands for the"
                        + " archived topic, for example ${topic}-replay.",
                "Target",
                4,
                Width.MEDIUM,
                "Topic template");
    }
}
