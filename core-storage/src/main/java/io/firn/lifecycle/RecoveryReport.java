package io.firn.lifecycle;

import java.util.List;

/**
 * What {@link TableRecovery} did, in plain words.
 *
 * @param actions what was changed
 * @param leftAlone what was not touched, and why
 * @param failures what could not be recovered; {@code firn verify} says more
 */
public record RecoveryReport(List<String> actions, List<String> leftAlone, List<String> failures) {
    /** Copies the lists. */
    public RecoveryReport {
        actions = List.copyOf(actions);
        leftAlone = List.copyOf(leftAlone);
        failures = List.copyOf(failures);
    }

    /** Whether nothing is left that needs somebody's hand. */
    public boolean isComplete() {
        return failures.isEmpty();
    }
}
