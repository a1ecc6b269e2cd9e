package io.firn.connect.source;

import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * Which Kafka partition of a target topic takes the records of an archived one.
 *
 * <p>Immutable; thread-safe.
 */
final class PartitionRouting {
    private final PartitionMode mode;
    private final OriginValues map;
    private final Map<String, Integer> counts;
    private final boolean keysChange;

    /**
     * Creates a routing.
     *
     * @param mode the rule
     * @param map archived partitions that go elsewhere whatever the rule says
     * @param counts number of partitions by target topic, where the rule needs it
     * @param keysChange whether keys are rewritten behind this, so that only the producer can hash what is sent
     */
    PartitionRouting(PartitionMode mode, OriginValues map, Map<String, Integer> counts, boolean keysChange) {
        this.keysChange = keysChange;
        this.mode = mode;
        this.map = map;
        this.counts = Map.copyOf(counts);
    }

    /** Where the records of an archived partition go. */
    Route route(String topic, int partition, String target) {
        OptionalInt constant = constant(topic, partition, target);
        if (constant.isPresent()) {
            return new Route(partition, constant.getAsInt(), 0, keysChange);
        }
        int count = count(target);
        return new Route(partition, partition % count, count, keysChange);
    }

    /** The one partition that takes all records of an archived partition; empty when their keys decide. */
    OptionalInt constant(String topic, int partition, String target) {
        OptionalLong mapped = map.of(topic, partition);
        if (mapped.isPresent()) {
            return OptionalInt.of((int) mapped.getAsLong());
        }
        return switch (mode.kind()) {
            case PRESERVE -> OptionalInt.of(partition);
            case FIXED -> OptionalInt.of(mode.number());
            case MODULO -> OptionalInt.of(partition % count(target));
            case KEY_HASH -> OptionalInt.empty();
        };
    }

    /** Number of partitions of a target topic that the rule counts on. */
    int count(String target) {
        Integer count = counts.get(target);
        if (count == null) {
            throw new ConnectException("The number of partitions of target topic '" + target + "' is not known, which "
                    + PartitionOptions.MODE + "=" + mode + " needs: set " + PartitionOptions.COUNT + ", or name the"
                    + " brokers in " + FirnSourceConfig.TARGET_SERVERS + " and create the topic.");
        }
        return count;
    }

    /**
     * Where the records of one archived partition go.
     *
     * @param archived the archived partition
     * @param withoutKey the partition of records without key, and of all when keys do not matter
     * @param hashed number of partitions over which keys are hashed, 0 when keys do not matter
     * @param keysChange whether keys are not yet as they are sent
     */
    record Route(int archived, int withoutKey, int hashed, boolean keysChange) {
        /** Whether every record keeps its partition. */
        boolean keeps() {
            return hashed == 0 && withoutKey == archived;
        }

        /**
         * The partition of a record.
         *
         * @param key as it is sent. A key that is not bytes yet, or that is rewritten, is left to the producer, which
         *     hashes what is sent: null
         */
        @Nullable
        Integer partition(@Nullable Object key) {
            if (hashed == 0 || key == null) {
                return withoutKey;
            }
            return key instanceof byte[] bytes && !keysChange ? Utils.toPositive(Utils.murmur2(bytes)) % hashed : null;
        }
    }
}
