package io.firn.lifecycle.verify;

import java.util.List;

/**
 * What {@link TableVerifier} found.
 *
 * @param damages every damage, and every file that could not be read, in the order in which it was found
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

    /** How many of the damages are files that could not be read: nobody knows what is in them. */
    public int unreadable() {
        return (int) damages.stream().filter(Damage::unreadable).count();
    }

    /** Whether everything could be read and nothing is damaged. */
    public boolean isSound() {
        return damages.isEmpty();
    }

    /**
     * One damage.
     *
     * @param path the file, relative to the table's directory
     * @param offset where in the file, bytes; 0 when it is about the file as a whole
     * @param reason what was expected and what was found
     * @param unreadable whether the file could not be read, for want of permission or because the disk failed
     */
    public record Damage(String path, long offset, String reason, boolean unreadable) {
        @Override
        public String toString() {
            return path + (unreadable ? "" : " at offset " + offset) + ": " + reason;
        }
    }
}
