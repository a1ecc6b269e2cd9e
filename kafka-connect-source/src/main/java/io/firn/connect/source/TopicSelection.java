package io.firn.connect.source;

import io.firn.topic.NamePattern;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Which archived topics are replayed, and what each is called in the target cluster.
 *
 * <p>Patterns know {@code *} (any text) and {@code ?} (one character); everything else stands for itself. Immutable;
 * thread-safe.
 */
final class TopicSelection {
    /** Stands for the archived topic's name in a template. */
    static final String TOPIC_VARIABLE = "${topic}";

    private final List<Pattern> included;
    private final List<Pattern> excluded;
    private final Map<String, String> targets;
    private final String template;

    private TopicSelection(
            List<Pattern> included, List<Pattern> excluded, Map<String, String> targets, String template) {
        this.included = included;
        this.excluded = excluded;
        this.targets = targets;
        this.template = template;
    }

    /**
     * Selects topics that keep their names unless they are mapped.
     *
     * @param topics names or patterns
     * @param map entries {@code archived:target}
     * @throws IllegalArgumentException quoting the bad entry
     */
    static TopicSelection parse(List<String> topics, List<String> map) {
        return new TopicSelection(globs(topics), List.of(), parseMap(map), TOPIC_VARIABLE);
    }

    /**
     * The same selection without some topics, and with another name for those that are not mapped.
     *
     * @param exclude names or patterns
     * @param nameTemplate a topic name in which {@code ${topic}} stands for the archived topic
     */
    TopicSelection with(List<String> exclude, String nameTemplate) {
        return new TopicSelection(included, globs(exclude), targets, parseTemplate(nameTemplate));
    }

    /**
     * Checks a template of target names.
     *
     * @throws IllegalArgumentException saying what is accepted
     */
    static String parseTemplate(String text) {
        String trimmed = text.trim();
        if (!isTopicName(trimmed.replace(TOPIC_VARIABLE, "x"))) {
            throw new IllegalArgumentException("use a Kafka topic name (1 to 249 of the characters a-z A-Z 0-9 . _ -)"
                    + " in which " + TOPIC_VARIABLE + " stands for the archived topic, for example "
                    + TOPIC_VARIABLE + "-replay");
        }
        return trimmed;
    }

    /** Parses entries {@code archived:target}, each archived topic or pattern at most once. */
    static Map<String, String> parseMap(List<String> entries) {
        Map<String, String> targets = new LinkedHashMap<>();
        for (String entry : entries) {
            int colon = entry.indexOf(':');
            String from = entry.substring(0, Math.max(colon, 0)).trim();
            String to = entry.substring(colon + 1).trim();
            if (from.isEmpty() || !isTopicName(to)) {
                throw new IllegalArgumentException("'" + entry
                        + "' is not 'archived:target' (as in 'flights:flights-replayed'; a Kafka topic name has 1 to"
                        + " 249 of the characters a-z A-Z 0-9 . _ -)");
            }
            if (targets.put(from, to) != null) {
                throw new IllegalArgumentException("topic '" + from + "' is mapped twice; keep one of its entries");
            }
        }
        return Collections.unmodifiableMap(targets);
    }

    /** Whether the archived topic is replayed. */
    boolean includes(String topic) {
        return matchesAny(included, topic) && !matchesAny(excluded, topic);
    }

    /**
     * The topic that takes the records of an archived topic: by the entry of the map with its name, else by the first
     * entry with a pattern that fits, else by the template.
     */
    String target(String topic) {
        String mapped = targets.get(topic);
        if (mapped != null) {
            return mapped;
        }
        return targets.entrySet().stream()
                .filter(entry -> glob(entry.getKey()).matcher(topic).matches())
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseGet(() -> template.replace(TOPIC_VARIABLE, topic));
    }

    private static List<Pattern> globs(List<String> texts) {
        return texts.stream().map(TopicSelection::glob).toList();
    }

    private static boolean matchesAny(List<Pattern> patterns, String topic) {
        return patterns.stream().anyMatch(pattern -> pattern.matcher(topic).matches());
    }

    /** A pattern of {@code *} and {@code ?} as a regular expression. */
    static Pattern glob(String text) {
        return NamePattern.parse(text);
    }

    private static boolean isTopicName(String name) {
        return name.matches("[a-zA-Z0-9._-]{1,249}") && !name.equals(".") && !name.equals("..");
    }
}
