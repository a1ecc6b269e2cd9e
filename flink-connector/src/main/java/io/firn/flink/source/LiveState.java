package io.firn.flink.source;

import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;

/**
 * What a checkpoint keeps of the enumerator of live Kafka.
 *
 * @param handOver where it had to begin
 * @param kafka the state of Flink's own enumerator
 */
record LiveState(HandOver handOver, KafkaSourceEnumState kafka) {}
