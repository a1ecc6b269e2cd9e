package io.firn.partition;

import io.firn.error.ConfigException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values that name one partition, in the order of their scheme; any of them may be null.
 *
 * <p>A value whose directory name would be longer than 255 bytes is refused with {@link
 * io.firn.error.InvalidRecordException}: it could not be read back if it were shortened. Immutable; thread-safe.
 */
public final class PartitionValues {
    private final PartitionScheme scheme;
    private final @Nullable Object[] values;
    private final String path;

    PartitionValues(PartitionScheme scheme, @Nullable Object[] values) {
        this.scheme = scheme;
        this.values = values;
        this.path = buildPath(scheme, values);
    }

    private static String buildPath(PartitionScheme scheme, @Nullable Object[] values) {
        StringBuilder path = new StringBuilder(values.length * 24);
        for (int i = 0; i < values.length; i++) {
            PartitionField field = scheme.fields().get(i);
            if (i > 0) {
                path.append('/');
            }
            Object value = values[i];
            HivePath.append(
                    path, field.name(), value == null ? null : field.type().format(value));
        }
        return path.toString();
    }

    /**
     * Makes values in the order of the fields: {@code of(scheme, LocalDate.of(2001, 1, 1), "ATL")}.
     *
     * @throws ConfigException when their number or a type does not fit the scheme
     */
    public static PartitionValues of(PartitionScheme scheme, @Nullable Object... values) {
        if (values.length != scheme.fields().size()) {
            throw new ConfigException(values.length + " partition values given; the scheme '" + scheme.describe()
                    + "' needs " + scheme.fields().size() + ".");
        }
        @Nullable Object[] normal = new @Nullable Object[values.length];
        for (int i = 0; i < values.length; i++) {
            normal[i] = normalize(scheme.fields().get(i), values[i]);
        }
        return new PartitionValues(scheme, normal);
    }

    /**
     * Makes values from names; every field must be there (with null where its value is null) and nothing else.
     *
     * @throws ConfigException when a field is missing, unknown or of the wrong type
     */
    public static PartitionValues of(PartitionScheme scheme, Map<String, ? extends @Nullable Object> byName) {
        byName.keySet().forEach(scheme::indexOf);
        @Nullable Object[] ordered = new @Nullable Object[scheme.fields().size()];
        for (int i = 0; i < ordered.length; i++) {
            String name = scheme.fields().get(i).name();
            if (!byName.containsKey(name)) {
                throw new ConfigException("No value for the partition field '" + name + "'; the scheme is '"
                        + scheme.describe() + "' (give null explicitly where it is meant).");
            }
            ordered[i] = byName.get(name);
        }
        return of(scheme, ordered);
    }

    private static @Nullable Object normalize(PartitionField field, @Nullable Object value) {
        try {
            return value == null ? null : field.type().normalize(value);
        } catch (ConfigException wrongType) {
            throw new ConfigException("Partition field '" + field.name() + "': " + wrongType.getMessage(), wrongType);
        }
    }

    /** The scheme that the values belong to. */
    public PartitionScheme scheme() {
        return scheme;
    }

    /** The value of a field, null when it is null: String, Long, LocalDate or LocalDateTime by its type. */
    public @Nullable Object get(String name) {
        return values[scheme.indexOf(name)];
    }

    @Nullable
    Object get(int index) {
        return values[index];
    }

    /** Whether the value of a field is null. */
    public boolean isNull(String name) {
        return get(name) == null;
    }

    /** The value of a string field, null when it is null. */
    public @Nullable String getString(String name) {
        return (String) typed(name, PartitionType.STRING);
    }

    /** The value of an int field, null when it is null. */
    public @Nullable Long getInt(String name) {
        return (Long) typed(name, PartitionType.INT);
    }

    /** The value of a date field, null when it is null. */
    public @Nullable LocalDate getDate(String name) {
        return (LocalDate) typed(name, PartitionType.DATE);
    }

    /** The start of the hour of an hour field in the field's zone, null when it is null. */
    public @Nullable LocalDateTime getHour(String name) {
        return (LocalDateTime) typed(name, PartitionType.HOUR);
    }

    /** The start of the minute of a minute field in the field's zone, null when it is null. */
    public @Nullable LocalDateTime getMinute(String name) {
        return (LocalDateTime) typed(name, PartitionType.MINUTE);
    }

    private @Nullable Object typed(String name, PartitionType type) {
        int index = scheme.indexOf(name);
        PartitionField field = scheme.fields().get(index);
        if (field.type() != type) {
            throw new ConfigException(
                    "Partition field '" + name + "' is of type " + field.type().text() + ", not " + type.text() + ".");
        }
        return values[index];
    }

    /**
     * The directory of the partition below its table: {@code dt=2001-01-01/origin=ATL}; empty when the table is
     * unpartitioned. {@link PartitionScheme#parsePath} is the inverse.
     */
    public String toPath() {
        return path;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PartitionValues that
                && scheme.equals(that.scheme)
                && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return path.hashCode();
    }

    @Override
    public String toString() {
        return "PartitionValues[" + path + "]";
    }
}
