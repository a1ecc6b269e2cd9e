package io.firn.connect.source;

import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.partition.PartitionFilter;
import io.firn.record.StreamRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * An archive of as many bytes as wanted, of several Kafka partitions over ten days: days 0 to 4 are compressed, 5 to 8
 * settled, day 9 stays with its writers. What a record holds follows from its number; a quarter of it is random.
 *
 * @param root of the archive
 * @param records number of records, in turn of all partitions
 * @param seed of their content
 */
record LargeArchive(Path root, long records, long seed) {
    static final int KAFKA_PARTITIONS = 4;
    static final int VALUE_BYTES = 1_000;
    static final String TOPIC = "t";

    private static final int DAYS = 10;
    private static final int RANDOM_BYTES = 250;
    private static final int RECORDS_PER_COMMIT = 100_000;
    private static final long START_MS = 978_307_200_000L;
    private static final long DAY_MS = Duration.ofDays(1).toMillis();

    /** Writes it. */
    void write() {
        try (ArchiveFixture archive = ArchiveFixture.open(root, TOPIC, "dt:date=timestamp", TOPIC, 0)) {
            boolean settled = false;
            for (long i = 0; i < records; i++) {
                if (!settled && dayOf(i) == DAYS - 1) {
                    archive.seal();
                    settle(archive);
                    settled = true;
                }
                archive.append(
                        (int) (i % KAFKA_PARTITIONS),
                        i / KAFKA_PARTITIONS,
                        StreamRecord.atMillis(timestampMs(i)).value(value(i)).build());
                if (i % RECORDS_PER_COMMIT == 0) {
                    archive.commit();
                }
            }
            archive.commit();
            archive.table().contents().segments().stream()
                    .map(file -> file.cold() ? "cold" : "hot")
                    .distinct()
                    .forEach(tier -> System.out.println("tier " + tier));
        }
    }

    private static void settle(ArchiveFixture archive) {
        try (LifecycleManager manager = LifecycleManager.open(archive.table(), LifecycleOptions.defaults())) {
            manager.run(LifecycleRequest.settleAll());
            manager.run(LifecycleRequest.compressAll()
                    .where(PartitionFilter.parse(
                            "dt < '2001-01-06'", archive.table().scheme())));
        }
    }

    private long dayOf(long record) {
        return record * DAYS / records;
    }

    long timestampMs(long record) {
        return START_MS + dayOf(record) * DAY_MS + record % KAFKA_PARTITIONS;
    }

    byte[] value(long record) {
        byte[] value = new byte[VALUE_BYTES];
        byte[] noise = new byte[RANDOM_BYTES];
        new SplittableRandom(seed + record).nextBytes(noise);
        Arrays.fill(value, (byte) ('a' + record % 7));
        System.arraycopy(noise, 0, value, 0, RANDOM_BYTES);
        return value;
    }
}
