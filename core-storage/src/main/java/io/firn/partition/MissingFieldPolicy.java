package io.firn.partition;

import io.firn.error.ConfigException;
import java.util.Locale;

/** What becomes of a record whose partition field is missing or unusable: option {@code partition.missing.field}. */
public enum MissingFieldPolicy {
    /** The field's value is null: the record is stored under {@code __HIVE_DEFAULT_PARTITION__}. */
    NULL,
    /** The record is reported and left out; adapters hand it to their dead letter queue. */
    ERRANT,
    /** The writer stops with the error. */
    FAIL;

    /** The name in option texts: {@code null}, {@code errant} or {@code fail}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads the option's text. */
    public static MissingFieldPolicy parse(String text) {
        for (MissingFieldPolicy policy : values()) {
            if (policy.text().equals(text)) {
                return policy;
            }
        }
        throw new ConfigException(
                "Invalid value '" + Excerpt.of(text) + "' for 'partition.missing.field'; use null, errant or fail.");
    }
}
