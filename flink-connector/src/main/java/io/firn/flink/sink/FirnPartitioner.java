package io.firn.flink.sink;

import io.firn.partition.PartitionScheme;
import io.firn.partition.PartitionValues;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Says which partition an element belongs to, where the fields of the stored record do not say it.
 *
 * @param <T> type of the elements
 */
@FunctionalInterface
public interface FirnPartitioner<T> extends Serializable {
    /**
     * The partition of an element.
     *
     * @param element the element
     * @param timestampMs event time of the element in milliseconds since the epoch, null when it has none
     * @param scheme the table's scheme, from which the values are made
     */
    PartitionValues partition(T element, @Nullable Long timestampMs, PartitionScheme scheme);
}
