package io.firn.record;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A header of a record: names may repeat, values may be null, and null differs from empty.
 *
 * <p>The value's array is shared, not copied: do not change it. Immutable; thread-safe.
 */
public final class RecordHeader {
    private final String name;
    private final byte @Nullable [] value;

    /** Creates a header. */
    public RecordHeader(String name, byte @Nullable [] value) {
        this.name = Objects.requireNonNull(name, "name");
        this.value = value;
    }

    /** The name, stored as UTF-8. */
    public String name() {
        return name;
    }

    /** The value's bytes, null when the header has no value. */
    public byte @Nullable [] value() {
        return value;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RecordHeader that && name.equals(that.name) && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + Arrays.hashCode(value);
    }

    @Override
    public String toString() {
        return name + "=" + (value == null ? "null" : value.length + " bytes");
    }
}
