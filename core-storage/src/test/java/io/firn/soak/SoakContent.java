package io.firn.soak;

import io.firn.partition.PartitionMapping;
import io.firn.record.StreamRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What every record of the soaked table must look like: a function of its writer and its sequence. */
final class SoakContent {
    static final PartitionMapping MAPPING = PartitionMapping.parse("k:string=key");

    /** Writers of the process that lives from beginning to end. */
    static final List<String> STEADY_LANES = List.of("a", "b");

    /** Writers of the process that is killed. */
    static final List<String> KILLED_LANES = List.of("c");

    static final List<String> LANES = List.of("a", "b", "c");

    /** Records of a writer that share two partitions; a partition grows old when all writers are beyond them. */
    static final long BUCKET_RECORDS = 2_000;

    /** So much younger that what the expirer's clock goes on in a run is far less than a bucket. */
    private static final long MS_PER_RECORD = 1_000;

    private SoakContent() {}

    static StreamRecord record(String lane, long sequence) {
        String padding = "x".repeat((int) (sequence * 31 % 120));
        return StreamRecord.atMillis(timestampMs(sequence))
                .key(key(sequence).getBytes(StandardCharsets.UTF_8))
                .value((lane + sequence + padding).getBytes(StandardCharsets.UTF_8))
                .build();
    }

    static long timestampMs(long sequence) {
        return sequence * MS_PER_RECORD;
    }

    static String partitionPath(long sequence) {
        return "k=" + key(sequence);
    }

    private static String key(long sequence) {
        return String.format("%08d-%d", sequence / BUCKET_RECORDS, sequence % 2);
    }
}
