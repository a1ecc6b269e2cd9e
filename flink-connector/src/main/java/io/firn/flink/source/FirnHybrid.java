package io.firn.flink.source;

/**
 * A source that reads an archive to its end and goes on in live Kafka, at exactly the next offset of each partition.
 *
 * <p>Where the archive ends is fixed when the job starts and kept in its checkpoints; Kafka is asked for what comes
 * behind that. Needs {@code flink-connector-kafka} in the job.
 */
public final class FirnHybrid {
    private FirnHybrid() {}

    /** Starts a source; archive, bootstrap servers and the deserializer of live records are required. */
    public static <T> FirnHybridBuilder<T> builder() {
        return new FirnHybridBuilder<>();
    }
}
