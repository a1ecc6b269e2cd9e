package io.firn.partition;

import io.firn.error.ConfigException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The type of a partition field: its Java value, its text in a path and its order.
 *
 * <p>Strings order by UTF-16 code unit, ints by number, the rest by time (which is the order of their text for the
 * years 0 to 9999). Thread-safe.
 */
public enum PartitionType {
    /** Any text: {@link String}. */
    STRING(String.class),
    /** A signed 64-bit number in decimal: {@link Long}. */
    INT(Long.class),
    /** A day, {@code 2001-01-31}: {@link LocalDate}. */
    DATE(LocalDate.class),
    /** An hour of a day, {@code 2001-01-31-23}: {@link LocalDateTime} without minutes. */
    HOUR(LocalDateTime.class),
    /** A minute of a day, {@code 2001-01-31-23-59}: {@link LocalDateTime} without seconds. */
    MINUTE(LocalDateTime.class);

    private final Class<?> javaType;

    PartitionType(Class<?> javaType) {
        this.javaType = javaType;
    }

    /** The name in texts: {@code string}, {@code int}, {@code date}, {@code hour} or {@code minute}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether values are local times, so that a time zone matters. */
    public boolean isTime() {
        return this == DATE || this == HOUR || this == MINUTE;
    }

    /** Finds a type by its {@link #text}. */
    static PartitionType parse(String text) {
        for (PartitionType type : values()) {
            if (type.text().equals(text)) {
                return type;
            }
        }
        String known = Arrays.stream(values()).map(PartitionType::text).collect(Collectors.joining(", "));
        throw new ConfigException("Unknown partition type '" + text + "'; use one of " + known + ".");
    }

    /** Gives a value its canonical Java form; whole numbers of every width become {@link Long}. */
    Object normalize(Object value) {
        Object normal = value;
        if (this == INT && (value instanceof Integer || value instanceof Short || value instanceof Byte)) {
            normal = ((Number) value).longValue();
        }
        if (!javaType.isInstance(normal) || !isWhole(normal)) {
            throw new ConfigException("Value " + Excerpt.of(String.valueOf(value)) + " ("
                    + value.getClass().getSimpleName() + ") does not fit the type " + text() + "; expected "
                    + expected() + ".");
        }
        return normal;
    }

    private boolean isWhole(Object value) {
        return switch (this) {
            case STRING, INT, DATE -> true;
            case HOUR -> ((LocalDateTime) value).truncatedTo(ChronoUnit.HOURS).equals(value);
            case MINUTE ->
                ((LocalDateTime) value).truncatedTo(ChronoUnit.MINUTES).equals(value);
        };
    }

    private String expected() {
        return switch (this) {
            case STRING -> "a String";
            case INT -> "a Long or Integer";
            case DATE -> "a LocalDate";
            case HOUR -> "a LocalDateTime truncated to hours";
            case MINUTE -> "a LocalDateTime truncated to minutes";
        };
    }

    /** The text of a canonical value, as it stands in a path before escaping. */
    public String format(Object value) {
        return switch (this) {
            case STRING -> (String) value;
            case INT, DATE -> value.toString();
            case HOUR -> {
                LocalDateTime time = (LocalDateTime) value;
                yield time.toLocalDate() + "-" + twoDigits(time.getHour());
            }
            case MINUTE -> {
                LocalDateTime time = (LocalDateTime) value;
                yield time.toLocalDate() + "-" + twoDigits(time.getHour()) + "-" + twoDigits(time.getMinute());
            }
        };
    }

    /**
     * Reads the text of a value; the inverse of {@link #format}. Only the canonical text is accepted ({@code 7}, not
     * {@code +7} or {@code 07}), so that one value never has two names.
     */
    public Object parseValue(String text) {
        try {
            Object value = switch (this) {
                case STRING -> text;
                case INT -> Long.valueOf(text);
                case DATE -> LocalDate.parse(text);
                case HOUR -> parseHour(text);
                case MINUTE -> parseMinute(text);
            };
            if (format(value).equals(text)) {
                return value;
            }
        } catch (NumberFormatException | DateTimeException notThisType) {
            throw malformed(text, notThisType);
        }
        throw malformed(text, null);
    }

    private ConfigException malformed(String text, @Nullable Exception cause) {
        String message =
                "'" + Excerpt.of(text) + "' is not a value of type " + text() + "; write it like " + example() + ".";
        return cause == null ? new ConfigException(message) : new ConfigException(message, cause);
    }

    private String example() {
        return switch (this) {
            case STRING -> "'ATL'";
            case INT -> "42";
            case DATE -> "'2001-01-31'";
            case HOUR -> "'2001-01-31-23'";
            case MINUTE -> "'2001-01-31-23-59'";
        };
    }

    private static LocalDateTime parseHour(String text) {
        int dash = text.lastIndexOf('-');
        if (dash <= 0) {
            throw new DateTimeException("no hour");
        }
        return LocalDate.parse(text.substring(0, dash)).atTime(Integer.parseInt(text.substring(dash + 1)), 0);
    }

    private static LocalDateTime parseMinute(String text) {
        int dash = text.lastIndexOf('-');
        if (dash <= 0) {
            throw new DateTimeException("no minute");
        }
        return parseHour(text.substring(0, dash)).withMinute(Integer.parseInt(text.substring(dash + 1)));
    }

    private static String twoDigits(int number) {
        return number < 10 ? "0" + number : Integer.toString(number);
    }

    /** The value of a time type for a bucket number: days, hours or minutes since 1970 in local time. */
    Object ofBucket(long bucket) {
        return switch (this) {
            case DATE -> LocalDate.ofEpochDay(bucket);
            case HOUR -> LocalDate.ofEpochDay(Math.floorDiv(bucket, 24)).atTime((int) Math.floorMod(bucket, 24L), 0);
            case MINUTE -> {
                int minutes = (int) Math.floorMod(bucket, 1440L);
                yield LocalDate.ofEpochDay(Math.floorDiv(bucket, 1440)).atTime(minutes / 60, minutes % 60);
            }
            case STRING, INT -> throw new IllegalStateException(this + " has no buckets");
        };
    }

    /** Seconds in one value of a time type. */
    int bucketSeconds() {
        return switch (this) {
            case DATE -> 86_400;
            case HOUR -> 3_600;
            case MINUTE -> 60;
            case STRING, INT -> throw new IllegalStateException(this + " has no buckets");
        };
    }

    /** Compares two canonical values of this type. */
    int compare(Object left, Object right) {
        return switch (this) {
            case STRING -> ((String) left).compareTo((String) right);
            case INT -> ((Long) left).compareTo((Long) right);
            case DATE -> ((LocalDate) left).compareTo((LocalDate) right);
            case HOUR, MINUTE -> ((LocalDateTime) left).compareTo((LocalDateTime) right);
        };
    }
}
