/** Kafka records as they are, between Flink's Kafka connector and the archive. Needs flink-connector-kafka. */
@NullMarked
package io.firn.flink.kafka;

import org.jspecify.annotations.NullMarked;
