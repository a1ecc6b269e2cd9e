package io.firn.examples;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Compares replayed records with the input file, one by one: key, value, headers, timestamp, Kafka partition and the
 * order within it. It uses nothing of Firn.
 *
 * <p>Confined to one thread.
 */
final class ReplayCheck {
    private static final int MAX_SHOWN = 10;

    private final List<Deque<Flight>> expected;
    private final List<String> differences = new ArrayList<>();
    private long compared;

    private ReplayCheck(List<Deque<Flight>> expected) {
        this.expected = expected;
    }

    /** Reads what is expected in each Kafka partition from the input file. */
    static ReplayCheck of(Path inputFile, int partitions) throws IOException {
        List<Deque<Flight>> expected = new ArrayList<>();
        for (int i = 0; i < partitions; i++) {
            expected.add(new ArrayDeque<>());
        }
        FlightsFile.forEach(
                inputFile, flight -> expected.get(flight.partition(partitions)).add(flight));
        return new ReplayCheck(expected);
    }

    /** Compares the next record of its partition. */
    void accept(ConsumerRecord<byte[], byte[]> actual) {
        Flight flight = expected.get(actual.partition()).poll();
        compared++;
        String difference = flight == null ? "not in the input file" : difference(flight, actual);
        if (difference != null) {
            report("partition " + actual.partition() + ", offset " + actual.offset() + ": " + difference);
        }
    }

    /** How many records were compared. */
    long compared() {
        return compared;
    }

    /** The first differences in words; empty when every record was there and the same. */
    List<String> differences() {
        for (int partition = 0; partition < expected.size(); partition++) {
            if (!expected.get(partition).isEmpty()) {
                report("partition " + partition + ": " + expected.get(partition).size() + " records are missing");
            }
        }
        return List.copyOf(differences);
    }

    private void report(String difference) {
        if (differences.size() < MAX_SHOWN) {
            differences.add(difference);
        }
    }

    private static @Nullable String difference(Flight flight, ConsumerRecord<byte[], byte[]> actual) {
        if (!Arrays.equals(flight.key(), actual.key())) {
            return "the key differs from " + flight;
        }
        if (!Arrays.equals(flight.value(), actual.value())) {
            return "the value differs from " + flight;
        }
        if (flight.departure().toEpochMilli() != actual.timestamp()) {
            return "timestamp " + actual.timestamp() + " differs from " + flight;
        }
        Header[] headers = actual.headers().toArray();
        boolean sameHeaders = headers.length == 1
                && Objects.equals(headers[0].key(), Flight.DESTINATION)
                && Arrays.equals(headers[0].value(), flight.destinationHeader());
        return sameHeaders ? null : "headers " + Arrays.toString(headers) + " differ from " + flight;
    }
}
