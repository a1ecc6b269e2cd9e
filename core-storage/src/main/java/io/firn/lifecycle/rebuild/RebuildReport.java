package io.firn.lifecycle.rebuild;

import java.util.List;

/**
 * What a rebuild did, in plain words.
 *
 * @param actions what was changed; empty when nothing had to be
 * @param unproven what the files do not prove; the records in question are shown as missing rather than left out
 * @param failures why nothing was rebuilt
 */
public record RebuildReport(List<String> actions, List<String> unproven, List<String> failures) {
    /** Copies the lists. */
    public RebuildReport {
        actions = List.copyOf(actions);
        unproven = List.copyOf(unproven);
        failures = List.copyOf(failures);
    }

    /** Whether everything is proven that was lost. */
    public boolean isComplete() {
        return unproven.isEmpty() && failures.isEmpty();
    }
}
