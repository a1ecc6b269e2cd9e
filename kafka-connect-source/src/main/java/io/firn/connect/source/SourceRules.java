package io.firn.connect.source;

import io.firn.connect.common.ConfigRules;
import io.firn.partition.RecordFilter;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.common.config.ConfigDef.Recommender;
import org.apache.kafka.common.config.ConfigDef.Validator;

/**
 * Checks and recommendations of the options that only the source has.
 *
 * <p>Thread-safe.
 */
final class SourceRules {
    private SourceRules() {}

    /** Any text but white space. */
    static Validator notBlank(String remedy) {
        return ConfigRules.rule("not blank", value -> !value.toString().isBlank(), remedy);
    }

    /** A list with at least one entry. */
    static Validator notEmptyList(String remedy) {
        return ConfigRules.rule(
                "a list with at least one entry", value -> value instanceof List<?> list && !list.isEmpty(), remedy);
    }

    /** One end of a time range. */
    static Validator timeBound() {
        return ConfigRules.parsing("a time or nothing", value -> TimeBound.parseMs(value.toString()));
    }

    /** Entries {@code archived:target}. */
    static Validator topicMap() {
        return ConfigRules.parsing("archived:target, ...", value -> TopicSelection.parseMap(texts(value)));
    }

    /** Entries {@code topic:partition=number} with numbers up to {@code max}. */
    static Validator originValues(long max) {
        return ConfigRules.parsing("topic:partition=number, ...", value -> OriginValues.parse(texts(value), max));
    }

    /** A condition on keys and headers. */
    static Validator recordFilter() {
        return ConfigRules.parsedBy("key = 'a' and header.x = 'y'", RecordFilter::parse);
    }

    /** Offers values in user interfaces; others stay possible where the validator takes them. */
    static Recommender recommend(List<String> values) {
        return new Recommendation(values, config -> true);
    }

    /** Shows an option in user interfaces only while others make it count. */
    static Recommender shownWhen(Predicate<Map<String, Object>> condition) {
        return new Recommendation(List.of(), condition);
    }

    /** A list option's value as texts. */
    static List<String> texts(Object value) {
        return ((List<?>) value).stream().map(Object::toString).toList();
    }

    private record Recommendation(List<String> values, Predicate<Map<String, Object>> condition)
            implements Recommender {
        @Override
        public List<Object> validValues(String name, Map<String, Object> parsedConfig) {
            return List.copyOf(values);
        }

        /** A configuration that has errors shows everything. */
        @Override
        public boolean visible(String name, Map<String, Object> parsedConfig) {
            try {
                return condition.test(parsedConfig);
            } catch (RuntimeException e) {
                return true;
            }
        }
    }
}
