package io.firn.ipc.legacy;

import java.util.List;

/**
 * What one run of a migration did.
 *
 * @param streams streams of the old archive, each with what happened to it
 * @param failures what failed and why; everything else was migrated nevertheless
 * @param remarks what was strange and no failure, of this run
 */
public record MigrationReport(List<StreamReport> streams, List<String> failures, List<String> remarks) {
    /**
     * One stream.
     *
     * @param stream the stream
     * @param migratedRecords records that this run brought into the table
     * @param totalRecords records of the stream that are in the table now
     */
    public record StreamReport(LegacyStream stream, long migratedRecords, long totalRecords) {}

    /** Copies the lists. */
    public MigrationReport {
        streams = List.copyOf(streams);
        failures = List.copyOf(failures);
        remarks = List.copyOf(remarks);
    }

    /** Records that this run brought into the table. */
    public long migratedRecords() {
        return streams.stream().mapToLong(StreamReport::migratedRecords).sum();
    }

    /** Records of the streams that are in the table now. */
    public long totalRecords() {
        return streams.stream().mapToLong(StreamReport::totalRecords).sum();
    }

    /** Whether nothing failed. */
    public boolean isComplete() {
        return failures.isEmpty();
    }
}
