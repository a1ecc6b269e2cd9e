package io.firn.lifecycle;

import java.util.List;

/**
 * What one run of a repartition did.
 *
 * @param writers writers of the old table, each with what happened to it
 * @param failures what failed and why; everything else was copied nevertheless
 */
public record RepartitionReport(List<WriterReport> writers, List<String> failures) {
    /**
     * One writer.
     *
     * @param writer its name, the same in both tables
     * @param copiedRecords records that this run brought into the new table
     * @param totalRecords records of the writer that both tables hold
     * @param position its position in the new table
     */
    public record WriterReport(String writer, long copiedRecords, long totalRecords, long position) {}

    /** Copies the lists. */
    public RepartitionReport {
        writers = List.copyOf(writers);
        failures = List.copyOf(failures);
    }

    /** Records that this run brought into the new table. */
    public long copiedRecords() {
        return writers.stream().mapToLong(WriterReport::copiedRecords).sum();
    }

    /** Records that both tables hold, compared one by one. */
    public long totalRecords() {
        return writers.stream().mapToLong(WriterReport::totalRecords).sum();
    }

    /** Whether nothing failed: the new table holds what the old one held when the run began. */
    public boolean isComplete() {
        return failures.isEmpty();
    }
}
