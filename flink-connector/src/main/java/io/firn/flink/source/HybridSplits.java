package io.firn.flink.source;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;

/**
 * Splits by what they are of.
 *
 * @param archived those of the archive
 * @param live those of Kafka
 */
record HybridSplits(List<FirnSplit> archived, List<KafkaPartitionSplit> live) {
    static HybridSplits of(List<FirnHybridSplit> splits) {
        HybridSplits parts = new HybridSplits(new ArrayList<>(), new ArrayList<>());
        for (FirnHybridSplit split : splits) {
            if (split instanceof FirnHybridSplit.Live kafka) {
                parts.live.add(kafka.split());
            } else {
                parts.archived.add(((FirnHybridSplit.Archived) split).split());
            }
        }
        return parts;
    }
}
