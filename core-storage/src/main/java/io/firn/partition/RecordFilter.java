package io.firn.partition;

import io.firn.error.ConfigException;
import io.firn.record.RecordHeader;
import io.firn.record.RecordView;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Chooses records by their key and headers, after the partition they lie in was opened.
 *
 * <p>Keys and headers are compared as bytes with the UTF-8 bytes of the text in the condition; the order is that of
 * unsigned bytes, which is the order of code points. A condition on a header holds when one of the headers of that name
 * fulfils it; {@code is null} when none of them has a value, and {@code !=} when none is equal. Immutable; thread-safe.
 */
public final class RecordFilter {
    private static final RecordFilter ALL = new RecordFilter(List.of());

    private final List<Condition> conditions;

    RecordFilter(List<Condition> conditions) {
        this.conditions = List.copyOf(conditions);
    }

    /** Chooses every record. */
    public static RecordFilter all() {
        return ALL;
    }

    /**
     * Reads a condition such as {@code key = 'ATL' and header.kind in ('a', 'b')}.
     *
     * <p>Names: {@code key}, and {@code header.} with the name of a header. Operators: {@code = != < <= > >=},
     * {@code in (...)}, {@code is null}, {@code is not null}, and {@code and}. Values stand in single quotes
     * ({@code ''} for a quote inside); bare words and numbers may stand without. Empty text chooses everything.
     *
     * @throws ConfigException naming the position and the remedy when the text is wrong
     */
    public static RecordFilter parse(String text) {
        return text.isBlank() ? ALL : new RecordFilter(new RecordFilterParser(text).parse());
    }

    /** Whether the record is chosen. */
    public boolean matches(RecordView record) {
        for (Condition condition : conditions) {
            if (!condition.matches(record)) {
                return false;
            }
        }
        return true;
    }

    /**
     * One condition.
     *
     * @param header name of the header that it is about, null for the key
     * @param wanted what a value must fulfil
     * @param negated whether no value may fulfil it
     */
    record Condition(@Nullable String header, Predicate<ByteBuffer> wanted, boolean negated) {
        boolean matches(RecordView record) {
            return negated != (header == null ? matchesKey(record) : matchesHeader(record, header));
        }

        private boolean matchesKey(RecordView record) {
            ByteBuffer key = record.key();
            return key != null && wanted.test(key);
        }

        private boolean matchesHeader(RecordView record, String name) {
            if (record.headerCount() == 0) {
                return false;
            }
            for (RecordHeader present : record.headers()) {
                byte[] value = present.value();
                if (value != null && present.name().equals(name) && wanted.test(ByteBuffer.wrap(value))) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Compares a value with a text: what {@code bytes < text} and the like are about. */
    static int compare(ByteBuffer value, byte[] text) {
        int common = Math.min(value.remaining(), text.length);
        for (int i = 0; i < common; i++) {
            int order = Byte.compareUnsigned(value.get(value.position() + i), text[i]);
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(value.remaining(), text.length);
    }

    /** Whether a value is one of some texts. */
    static Predicate<ByteBuffer> oneOf(List<String> texts) {
        List<ByteBuffer> wanted = texts.stream()
                .map(text ->
                        ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)).asReadOnlyBuffer())
                .toList();
        return value -> wanted.stream().anyMatch(one -> one.equals(value));
    }
}
