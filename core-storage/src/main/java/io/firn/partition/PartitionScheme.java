package io.firn.partition;

import io.firn.error.ConfigException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The ordered fields by which a table is divided into directories; it never changes after the table is created.
 *
 * <p>Immutable; thread-safe.
 */
public final class PartitionScheme {
    /** Most fields that a scheme may have, which bounds the length of a partition's path. */
    public static final int MAX_FIELDS = 8;

    private static final PartitionScheme UNPARTITIONED = new PartitionScheme(List.of());

    private final List<PartitionField> fields;

    private PartitionScheme(List<PartitionField> fields) {
        this.fields = List.copyOf(fields);
    }

    /** The scheme without fields: a table with one partition, whose path is empty. */
    public static PartitionScheme unpartitioned() {
        return UNPARTITIONED;
    }

    /** Starts a scheme whose time fields are in UTC unless they name a zone. */
    public static Builder builder() {
        return new Builder(ZoneOffset.UTC);
    }

    /** Starts a scheme whose time fields are in {@code zone} unless they name one. */
    public static Builder builder(ZoneId zone) {
        return new Builder(zone);
    }

    /**
     * Reads the text of {@link #describe}, for example {@code dt:date,hour:hour(Europe/Vienna),origin:string}; empty
     * text is the unpartitioned scheme.
     */
    public static PartitionScheme parse(String text) {
        Builder builder = builder();
        if (!text.isBlank()) {
            for (String part : text.split(",", -1)) {
                builder.add(PartitionField.parse(part.strip(), ZoneOffset.UTC));
            }
        }
        return builder.build();
    }

    /** The scheme as text, read back by {@link #parse}. */
    public String describe() {
        return fields.stream().map(PartitionField::describe).collect(Collectors.joining(","));
    }

    /** The fields in the order of the directories. */
    public List<PartitionField> fields() {
        return fields;
    }

    /** Whether the scheme has no fields. */
    public boolean isUnpartitioned() {
        return fields.isEmpty();
    }

    /** The position of a field; a name that the scheme does not have is a {@link ConfigException}. */
    public int indexOf(String name) {
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).name().equals(name)) {
                return i;
            }
        }
        throw new ConfigException("No partition field '" + Excerpt.of(name) + "'; the table has "
                + (fields.isEmpty() ? "no partition fields." : names() + "."));
    }

    /** Refuses a value that does not fit the type of a field; null always fits. */
    void checkValue(String name, @Nullable Object value) {
        PartitionField field = fields.get(indexOf(name));
        if (value != null) {
            field.type().normalize(value);
        }
    }

    private String names() {
        return fields.stream().map(PartitionField::name).collect(Collectors.joining(", "));
    }

    /**
     * Reads the path of a partition below the table directory; the inverse of {@link PartitionValues#toPath}. Anything
     * else than a path that {@code toPath} makes is a {@link ConfigException}.
     */
    public PartitionValues parsePath(String path) {
        String[] components = path.isEmpty() ? new String[0] : path.split("/", -1);
        if (components.length != fields.size()) {
            throw new ConfigException("Path '" + Excerpt.of(path) + "' has " + components.length
                    + " components; the scheme '" + describe() + "' needs " + fields.size() + ".");
        }
        @Nullable Object[] values = new @Nullable Object[components.length];
        for (int i = 0; i < components.length; i++) {
            values[i] = parseComponent(components[i], fields.get(i));
        }
        PartitionValues parsed = new PartitionValues(this, values);
        if (!parsed.toPath().equals(path)) {
            throw new ConfigException("Path '" + Excerpt.of(path) + "' is not written as Firn writes it: expected '"
                    + parsed.toPath() + "'.");
        }
        return parsed;
    }

    private static @Nullable Object parseComponent(String component, PartitionField field) {
        String prefix = field.name() + "=";
        if (!component.startsWith(prefix)) {
            throw new ConfigException(
                    "Path component '" + Excerpt.of(component) + "' does not start with '" + prefix + "'.");
        }
        String text = HivePath.decode(component.substring(prefix.length()));
        return text == null ? null : field.type().parseValue(text);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PartitionScheme that && fields.equals(that.fields);
    }

    @Override
    public int hashCode() {
        return fields.hashCode();
    }

    @Override
    public String toString() {
        return "PartitionScheme[" + describe() + "]";
    }

    /** Collects fields in the order of the directories. Confined to one thread. */
    public static final class Builder {
        private final List<PartitionField> fields = new ArrayList<>();
        private final Set<String> names = new HashSet<>();
        private final ZoneId zone;

        private Builder(ZoneId zone) {
            this.zone = PartitionField.normalize(zone);
        }

        /** Adds a text field. */
        public Builder addString(String name) {
            return add(new PartitionField(name, PartitionType.STRING, ZoneOffset.UTC));
        }

        /** Adds a field of signed 64-bit numbers. */
        public Builder addInt(String name) {
            return add(new PartitionField(name, PartitionType.INT, ZoneOffset.UTC));
        }

        /** Adds a field of days in the scheme's zone. */
        public Builder addDate(String name) {
            return addDate(name, zone);
        }

        /** Adds a field of days in a zone. */
        public Builder addDate(String name, ZoneId fieldZone) {
            return add(new PartitionField(name, PartitionType.DATE, PartitionField.normalize(fieldZone)));
        }

        /** Adds a field of hours in the scheme's zone. */
        public Builder addHour(String name) {
            return addHour(name, zone);
        }

        /** Adds a field of hours in a zone. */
        public Builder addHour(String name, ZoneId fieldZone) {
            return add(new PartitionField(name, PartitionType.HOUR, PartitionField.normalize(fieldZone)));
        }

        /** Adds a field of minutes in the scheme's zone. */
        public Builder addMinute(String name) {
            return addMinute(name, zone);
        }

        /** Adds a field of minutes in a zone. */
        public Builder addMinute(String name, ZoneId fieldZone) {
            return add(new PartitionField(name, PartitionType.MINUTE, PartitionField.normalize(fieldZone)));
        }

        /** Adds a field; names may not repeat, also not in another case. */
        public Builder add(PartitionField field) {
            if (fields.size() == MAX_FIELDS) {
                throw new ConfigException("Partition field '" + field.name()
                        + "' is one too many; a scheme has at most " + MAX_FIELDS + " fields.");
            }
            if (!names.add(field.foldedName())) {
                throw new ConfigException("Partition field '" + field.name()
                        + "' stands twice in the scheme; names must differ by more than case.");
            }
            fields.add(field);
            return this;
        }

        /** Builds the scheme. */
        public PartitionScheme build() {
            return fields.isEmpty() ? UNPARTITIONED : new PartitionScheme(fields);
        }
    }
}
