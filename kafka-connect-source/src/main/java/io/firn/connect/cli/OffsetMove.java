package io.firn.connect.cli;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * How a consumer group is moved in one partition of a topic that was replayed.
 *
 * @param group its name
 * @param topic the topic it goes on in
 * @param partition the Kafka partition, 0 or more
 * @param archived the next offset that it reads in the original topic
 * @param offset the offset of the same record in {@code topic}
 * @param previous where it stands there when the plan is made; null when it has no offset there
 */
record OffsetMove(
        @JsonProperty(required = true) String group,
        @JsonProperty(required = true) String topic,
        @JsonProperty(required = true) int partition,
        @JsonProperty(required = true) long archived,
        @JsonProperty(required = true) long offset,
        @Nullable Long previous) {
    /** Partition and topic as Kafka names them. */
    String place() {
        return topic + "-" + partition;
    }
}
