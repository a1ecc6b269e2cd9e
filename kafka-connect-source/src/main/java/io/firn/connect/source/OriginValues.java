package io.firn.connect.source;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Numbers that belong to archived Kafka partitions, read from entries such as {@code flights:0=100}. The topic may be a
 * pattern ({@code *} and {@code ?}) and the partition {@code *}; the first entry that fits counts.
 *
 * <p>Immutable; thread-safe.
 */
final class OriginValues {
    private final List<Entry> entries;

    private OriginValues(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /**
     * Reads the entries.
     *
     * @param max the largest number that is accepted; the smallest is 0
     * @throws IllegalArgumentException quoting the bad entry
     */
    static OriginValues parse(List<String> texts, long max) {
        List<Entry> entries = new ArrayList<>();
        Set<String> origins = new HashSet<>();
        for (String text : texts) {
            Entry entry = Entry.parse(text, max);
            if (!origins.add(entry.origin())) {
                throw new IllegalArgumentException("'" + entry.origin() + "' is given twice; keep one of its entries");
            }
            entries.add(entry);
        }
        return new OriginValues(entries);
    }

    /** The number of a Kafka partition, empty when no entry fits. */
    OptionalLong of(String topic, int partition) {
        return entries.stream()
                .filter(entry -> entry.fits(topic, partition))
                .mapToLong(Entry::value)
                .findFirst();
    }

    /** The number that stands behind exactly this text, for example {@code flights:0}; empty when there is none. */
    OptionalLong ofText(String origin) {
        return entries.stream()
                .filter(entry -> entry.origin().equals(origin))
                .mapToLong(Entry::value)
                .findFirst();
    }

    /** What stands before the numbers, in the order of the entries. */
    List<String> origins() {
        return entries.stream().map(Entry::origin).toList();
    }

    /** Whether the text is the number of a Kafka partition. */
    static boolean isPartition(String text) {
        return text.matches("\\d{1,9}");
    }

    /**
     * One entry.
     *
     * @param origin what stands before the number
     * @param topics which topics
     * @param partition which partition, empty for all
     * @param value the number
     */
    private record Entry(String origin, Pattern topics, OptionalInt partition, long value) {
        static Entry parse(String text, long max) {
            int equals = text.indexOf('=');
            String origin = text.substring(0, Math.max(equals, 0)).trim();
            int colon = origin.lastIndexOf(':');
            String topic = origin.substring(0, Math.max(colon, 0)).trim();
            String partition = origin.substring(colon + 1).trim();
            String value = text.substring(equals + 1).trim();
            boolean all = partition.equals("*");
            if (topic.isEmpty() || !(all || isPartition(partition)) || !isNumber(value, max)) {
                throw new IllegalArgumentException("'" + text + "' is not 'topic:partition=number', as in"
                        + " 'flights:0=100' (the topic may be a pattern, the partition *, the number 0 to " + max
                        + ")");
            }
            return new Entry(
                    topic + ":" + partition,
                    TopicSelection.glob(topic),
                    all ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(partition)),
                    Long.parseLong(value));
        }

        boolean fits(String archivedTopic, int archivedPartition) {
            return (partition.isEmpty() || partition.getAsInt() == archivedPartition)
                    && topics.matcher(archivedTopic).matches();
        }

        /** At most 18 digits, so that parsing does not overflow. */
        private static boolean isNumber(String text, long max) {
            return text.matches("\\d{1,18}") && Long.parseLong(text) <= max;
        }
    }
}
