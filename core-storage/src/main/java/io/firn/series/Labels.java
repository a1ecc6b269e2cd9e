package io.firn.series;

import io.firn.error.InvalidRecordException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The identity of a series: pairs of name and value, whatever order they were given in. The name of a metric is the
 * label {@link #NAME}, and optional like every other.
 *
 * <p>Names are unique, names and values not empty. The order of label sets is that of their pairs sorted by name,
 * compared name before value by UTF-16 code units. Immutable; thread-safe.
 */
public final class Labels implements Comparable<Labels> {
    /** Name of the label that holds the name of a metric, by Prometheus' convention. */
    public static final String NAME = "__name__";
    /** No label at all; a series may have none. */
    public static final Labels EMPTY = new Labels(new String[0]);

    /** Names and values in turn, ascending by name. */
    private final String[] pairs;

    private int hash;

    private Labels(String[] pairs) {
        this.pairs = pairs;
    }

    /**
     * Makes labels of names and values in turn, in any order of the names.
     *
     * @throws InvalidRecordException when a name or value is empty or no valid text, or a name stands twice
     */
    public static Labels of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new InvalidRecordException("Labels need a value for each name, but " + namesAndValues.length
                    + " texts were given: " + Arrays.toString(namesAndValues));
        }
        String[][] sorted = new String[namesAndValues.length / 2][];
        for (int i = 0; i < sorted.length; i++) {
            sorted[i] = new String[] {namesAndValues[2 * i], namesAndValues[2 * i + 1]};
            check("name", sorted[i][0], namesAndValues);
            check("value", sorted[i][1], namesAndValues);
        }
        Arrays.sort(sorted, Comparator.comparing((String[] pair) -> pair[0]));
        String[] pairs = new String[namesAndValues.length];
        for (int i = 0; i < sorted.length; i++) {
            if (i > 0 && sorted[i][0].equals(sorted[i - 1][0])) {
                throw new InvalidRecordException("The label '" + sorted[i][0] + "' stands twice in "
                        + Arrays.toString(namesAndValues) + "; give each name once");
            }
            pairs[2 * i] = sorted[i][0];
            pairs[2 * i + 1] = sorted[i][1];
        }
        return new Labels(pairs);
    }

    /** Makes labels of a map; errors as in {@link #of(String...)}. */
    public static Labels of(Map<String, String> map) {
        String[] texts = new String[2 * map.size()];
        int at = 0;
        for (Map.Entry<String, String> pair : map.entrySet()) {
            texts[at++] = pair.getKey();
            texts[at++] = pair.getValue();
        }
        return of(texts);
    }

    /** Takes pairs that are sorted and checked. */
    static Labels ofSorted(String[] pairs) {
        return new Labels(pairs);
    }

    private static void check(String what, String text, String[] all) {
        if (text.isEmpty()) {
            throw new InvalidRecordException("A label " + what + " is empty in " + Arrays.toString(all)
                    + "; leave out a label that has no value");
        }
        int half = halfPair(text);
        if (half >= 0) {
            throw new InvalidRecordException("A label " + what + " has half of a surrogate pair at index " + half
                    + ", so it is no text: " + text);
        }
    }

    /** Where half of a surrogate pair stands, which UTF-8 cannot hold; negative when there is none. */
    static int halfPair(String text) {
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            boolean pair = Character.isHighSurrogate(unit)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (Character.isSurrogate(unit) && !pair) {
                return i;
            }
            i += pair ? 1 : 0;
        }
        return -1;
    }

    /** Number of labels. */
    public int size() {
        return pairs.length / 2;
    }

    /** Name of a label, {@code 0 <= index < size}, ascending. */
    public String name(int index) {
        return pairs[2 * index];
    }

    /** Value of a label, {@code 0 <= index < size}. */
    public String value(int index) {
        return pairs[2 * index + 1];
    }

    /** The value of a label, empty when it is absent. */
    public Optional<String> get(String name) {
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i].equals(name)) {
                return Optional.of(pairs[i + 1]);
            }
        }
        return Optional.empty();
    }

    /** A copy as a map, ascending by name. */
    public Map<String, String> toMap() {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(pairs[i], pairs[i + 1]);
        }
        return map;
    }

    @Override
    public int compareTo(Labels other) {
        return Arrays.compare(pairs, other.pairs);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Labels that && Arrays.equals(pairs, that.pairs);
    }

    @Override
    public int hashCode() {
        int known = hash;
        if (known == 0) {
            known = Arrays.hashCode(pairs);
            hash = known;
        }
        return known;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("{");
        for (int i = 0; i < pairs.length; i += 2) {
            text.append(i == 0 ? "" : ", ")
                    .append(pairs[i])
                    .append("=\"")
                    .append(pairs[i + 1])
                    .append('"');
        }
        return text.append('}').toString();
    }
}
