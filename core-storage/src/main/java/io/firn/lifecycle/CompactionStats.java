package io.firn.lifecycle;

/**
 * What compaction did.
 *
 * @param filesBefore small files that became larger ones
 * @param filesAfter the files that they became
 * @param records their records
 * @param bytesBefore real size of the small files
 * @param bytesAfter real size of the new files
 */
public record CompactionStats(int filesBefore, int filesAfter, long records, long bytesBefore, long bytesAfter) {
    /** Nothing was compacted. */
    public static final CompactionStats NONE = new CompactionStats(0, 0, 0, 0, 0);

    /** Both together. */
    CompactionStats plus(CompactionStats more) {
        return new CompactionStats(
                filesBefore + more.filesBefore,
                filesAfter + more.filesAfter,
                records + more.records,
                bytesBefore + more.bytesBefore,
                bytesAfter + more.bytesAfter);
    }
}
