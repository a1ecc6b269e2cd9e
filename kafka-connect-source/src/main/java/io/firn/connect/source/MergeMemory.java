package io.firn.connect.source;

import java.util.Optional;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What merging by time needs: a cursor for each archived Kafka partition, with its part of the memory. Thread-safe. */
final class MergeMemory {
    private static final Logger LOG = LoggerFactory.getLogger(MergeMemory.class);
    /** Least memory of a cursor. */
    static final long MIN_BYTES = 1L << 20;

    private MergeMemory() {}

    /** Says at the start of a connector, as its preflight is configured, whether the memory is too small. */
    static void preflight(FirnSourceConfig config, int partitions) {
        if (new OrderOptions(config).isMerged() && config.preflight() != FirnSourceConfig.Preflight.OFF) {
            problem(config, partitions).ifPresent(problem -> {
                if (config.preflight() == FirnSourceConfig.Preflight.STRICT) {
                    throw new ConnectException(problem);
                }
                LOG.warn("Preflight: {}", problem);
            });
        }
    }

    /** Refuses to merge so many archived Kafka partitions with the memory of a task. */
    static void require(FirnSourceConfig config, int partitions) {
        problem(config, partitions).ifPresent(problem -> {
            throw new ConnectException(problem);
        });
    }

    private static Optional<String> problem(FirnSourceConfig config, int partitions) {
        if (partitions <= config.memoryBytes() / MIN_BYTES) {
            return Optional.empty();
        }
        return Optional.of("Merging " + partitions + " archived Kafka partitions by time needs "
                + FirnSourceConfig.MEMORY + "=" + partitions * MIN_BYTES + " or more, which is " + config.memoryBytes()
                + "; raise it, choose fewer topics, or set " + OrderOptions.ORDER + "=partition and "
                + PaceOptions.SPEED + "=0.");
    }
}
