package io.firn.series;

import io.firn.error.ConfigException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether a committed deletion is about a value. A regular expression that is stopped chooses nothing: the
 * samples stay, and the store stays readable. Today's deletions are tried before they are committed; stores of before
 * may hold others, and how much a thread's stack takes differs. Thread-safe.
 */
final class StoppedDeletions {
    private static final Logger LOG = LoggerFactory.getLogger(StoppedDeletions.class);

    private final Set<LabelMatcher> told = ConcurrentHashMap.newKeySet();
    private final Consumer<String> failures;

    /** Tells of each expression once. */
    StoppedDeletions(Consumer<String> failures) {
        this.failures = failures;
    }

    /** Whether a condition of a deletion holds for a value, empty for an absent label. */
    boolean holds(LabelMatcher matcher, String value) {
        try {
            return matcher.matches(value);
        } catch (ConfigException stopped) {
            if (told.add(matcher)) {
                String reason = "a deletion does not choose series that it cannot decide on: " + stopped.getMessage();
                failures.accept(reason);
                LOG.warn("samples stay: matcher={} reason={}", matcher, reason);
            }
            return false;
        }
    }
}
