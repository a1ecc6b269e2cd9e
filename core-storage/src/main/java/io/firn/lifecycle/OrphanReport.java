package io.firn.lifecycle;

import java.util.List;

/**
 * Files of a table's directory that nothing refers to.
 *
 * @param orphans the files
 * @param unknown what could not be judged, and why
 */
public record OrphanReport(List<Orphan> orphans, List<String> unknown) {
    /** Copies the lists. */
    public OrphanReport {
        orphans = List.copyOf(orphans);
        unknown = List.copyOf(unknown);
    }

    /**
     * A file, or the lane of a writer attempt.
     *
     * @param path path relative to the table's directory
     * @param reason why nothing refers to it, and who would delete it
     */
    public record Orphan(String path, String reason) {
        @Override
        public String toString() {
            return path + ": " + reason;
        }
    }
}
