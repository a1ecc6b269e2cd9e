package io.firn.metrics;

import java.util.Locale;
import java.util.function.DoubleSupplier;

/**
 * A named number that others may ask for at any time. Immutable; asking is thread-safe.
 *
 * @param name lower case words with -, like {@code commit-time-ms-max}; ends in {@code -total} when it only grows
 * @param meaning one sentence for people
 * @param value the number now; NaN when it is not known; never throws and never waits for a writer
 */
public record Metric(String name, String meaning, DoubleSupplier value) {
    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException when it is not of lower case letters, digits and -
     */
    public Metric {
        if (!name.matches("[a-z][a-z0-9-]*")) {
            throw new IllegalArgumentException("metric name '" + name + "': use lower case letters, digits and -");
        }
    }

    /** A metric that has the name of a constant, with - for _. */
    public static Metric named(Enum<?> constant, String meaning, DoubleSupplier value) {
        return new Metric(constant.name().toLowerCase(Locale.ROOT).replace('_', '-'), meaning, value);
    }
}
