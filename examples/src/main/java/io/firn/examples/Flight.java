package io.firn.examples;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Utils;

/**
 * One departure of the input file.
 *
 * @param departure the time of departure
 * @param delayMinutes minutes behind the schedule, negative when early
 * @param distanceMiles miles
 * @param origin IATA code of the airport of departure
 * @param destination IATA code of the airport of arrival
 */
record Flight(Instant departure, int delayMinutes, int distanceMiles, String origin, String destination) {
    /** Name of the record's only header. */
    static final String DESTINATION = "destination";

    private static final int COLUMNS = 5;

    /** Parses a line {@code date,delay,distance,origin,destination}. */
    static Flight parse(String line) {
        String[] columns = line.split(",", -1);
        if (columns.length != COLUMNS) {
            throw new IllegalArgumentException(
                    "expected " + COLUMNS + " columns but found " + columns.length + " in: " + line);
        }
        return new Flight(
                Instant.parse(columns[0]),
                Integer.parseInt(columns[1]),
                Integer.parseInt(columns[2]),
                columns[3],
                columns[4]);
    }

    /** The record's key: the origin. */
    byte[] key() {
        return bytes(origin);
    }

    /** The record's value: the line as JSON. */
    byte[] value() {
        return bytes("{\"date\":\"" + departure + "\",\"delay\":" + delayMinutes + ",\"distance\":" + distanceMiles
                + ",\"origin\":\"" + origin + "\",\"destination\":\"" + destination + "\"}");
    }

    /** The value of the header {@link #DESTINATION}. */
    byte[] destinationHeader() {
        return bytes(destination);
    }

    /** The Kafka partition that a producer chooses for the key. */
    int partition(int partitions) {
        return Utils.toPositive(Utils.murmur2(key())) % partitions;
    }

    /** The record to produce: the producer chooses the partition by the key, the timestamp is the departure. */
    ProducerRecord<byte[], byte[]> toRecord(String topic) {
        RecordHeaders headers = new RecordHeaders();
        headers.add(DESTINATION, destinationHeader());
        return new ProducerRecord<>(topic, null, departure.toEpochMilli(), key(), value(), headers);
    }

    /** Bytes of key, value and header. */
    int sizeBytes() {
        return key().length + value().length + DESTINATION.length() + destinationHeader().length;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
