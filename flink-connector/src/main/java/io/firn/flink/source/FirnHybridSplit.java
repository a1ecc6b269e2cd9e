package io.firn.flink.source;

import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;

/** What a reader of archive and live Kafka reads: a writer of the archive, or a Kafka partition behind it. */
public sealed interface FirnHybridSplit extends SourceSplit {
    /**
     * A writer of the archive.
     *
     * @param split what of it is read; gives its id, so that watermarks of splits are those of the reader within
     */
    record Archived(FirnSplit split) implements FirnHybridSplit {
        @Override
        public String splitId() {
            return split.splitId();
        }
    }

    /**
     * A Kafka partition.
     *
     * @param split from where on; gives its id, which has no '@' and so is never that of an archived one
     */
    record Live(KafkaPartitionSplit split) implements FirnHybridSplit {
        @Override
        public String splitId() {
            return split.splitId();
        }
    }
}
