package io.firn.connect.source;

import java.util.HashMap;
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
    private final List<Pattern> patterns;
    private final Map<String, String> targets;

    private TopicSelection(List<Pattern> patterns, Map<String, String> targets) {
        this.patterns = patterns;
        this.targets = targets;
    }

    /**
     * Parses both options.
     *
     * @param topics names or patterns
     * @param map entries {@code archived:target}
     * @throws IllegalArgumentException quoting the bad entry
     */
    static TopicSelection parse(List<String> topics, List<String> map) {
        return new TopicSelection(topics.stream().map(TopicSelection::glob).toList(), parseMap(map));
    }

    /** Parses entries {@code archived:target}, each archived topic at most once. */
    static Map<String, String> parseMap(List<String> entries) {
        Map<String, String> targets = new HashMap<>();
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
        return Map.copyOf(targets);
    }

    /** Whether the archived topic is replayed. */
    boolean includes(String topic) {
        return patterns.stream().anyMatch(pattern -> pattern.matcher(topic).matches());
    }

    /** The topic that takes the records of an archived topic: its own name unless it is mapped. */
    String target(String topic) {
        return targets.getOrDefault(topic, topic);
    }

    /** A pattern of {@code *} and {@code ?} as a regular expression. */
    static Pattern glob(String text) {
        StringBuilder regex = new StringBuilder();
        text.trim().codePoints().forEach(c -> {
            switch (c) {
                case '*' -> regex.append(".*");
                case '?' -> regex.append('.');
                default -> regex.append(Pattern.quote(Character.toString(c)));
            }
        });
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }

    private static boolean isTopicName(String name) {
        return name.matches("[a-zA-Z0-9._-]{1,249}") && !name.equals(".") && !name.equals("..");
    }
}
