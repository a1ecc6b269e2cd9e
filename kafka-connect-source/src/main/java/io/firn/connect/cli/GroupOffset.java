package io.firn.connect.cli;

/**
 * Where a consumer group stands in one partition.
 *
 * @param group its name
 * @param topic the topic
 * @param partition the Kafka partition, 0 or more
 * @param offset the next offset that it reads
 */
record GroupOffset(String group, String topic, int partition, long offset) {}
