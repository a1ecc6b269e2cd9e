package io.firn.lifecycle;

import java.util.List;

/**
 * What {@link TableVerifier} found.
 *
 * @param damages every damage, in the order in which it was found
 * @param notes files that belong to nothing that is committed, and what could not be checked because of a damage
 * @param lanes writers whose logs were read
 * @param files segment files whose content was read
 * @param records records that a reader of the whole table sees, each counted in the file in which it sees it
 * @param sizeBytes bytes of those files that were read
 */
public record VerifyReport(
        List<Damage> damages, List<String> notes, int lanes, int files, long records, long sizeBytes) {
    /** Copies the lists. */
    public VerifyReport {
        damages = List.copyOf(damages);
        notes = List.copyOf(notes);
    }

    /** Whether nothing is damaged. */
    public boolean isSound() {
        return damages.isEmpty();
    }

    /**
     * One damage.
     *
     * @param path the file, relative to the table's directory
     * @param offset where in the file, bytes; 0 when it is about the file as a whole
     * @param reason what was expected and what was found
     */
    public record Damage(String path, long offset, String reason) {
        @Override
        public String toString() {
            return path + " at offset " + offset + ": " + reason;
        }
    }
}
