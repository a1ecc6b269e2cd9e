package io.firn.segment;

import io.firn.record.RecordHeader;
import io.firn.record.StreamRecord;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.zip.GZIPInputStream;

/** Records as users have them: a week of real flights, and generated ticks of 17 bytes. */
public final class SampleRecords {
    private static final String FLIGHTS = "examples/data/flights-2001-week1.csv.gz";
    private static final int TICK_BYTES = 17;
    private static final long FIRST_TICK_NS = 978_352_200_000_000_000L;

    private SampleRecords() {}

    /** The lines of the flights' file without its header. */
    private static List<String> flightLines() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve(FLIGHTS))) {
            directory = Objects.requireNonNull(directory.getParent(), "a directory with the examples");
        }
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(directory.resolve(FLIGHTS))), StandardCharsets.UTF_8))) {
            return reader.lines().skip(1).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Flights as the quickstart produces them: key, header, JSON value, timestamp in milliseconds. */
    public static List<StreamRecord> flightsInJson() {
        List<StreamRecord> records = new ArrayList<>();
        for (String line : flightLines()) {
            String[] columns = line.split(",", -1);
            String json = "{\"date\":\"" + columns[0] + "\",\"delay\":" + columns[1] + ",\"distance\":" + columns[2]
                    + ",\"origin\":\"" + columns[3] + "\",\"destination\":\"" + columns[4] + "\"}";
            records.add(StreamRecord.atMillis(Instant.parse(columns[0]).toEpochMilli())
                    .key(bytes(columns[3]))
                    .headers(List.of(new RecordHeader("destination", bytes(columns[4]))))
                    .value(bytes(json))
                    .build());
        }
        return records;
    }

    /** Flights as the command line appends them: the line is the value, the timestamp one of its columns. */
    public static List<StreamRecord> flightsInCsv() {
        List<StreamRecord> records = new ArrayList<>();
        for (String line : flightLines()) {
            Instant date = Instant.parse(line.substring(0, line.indexOf(',')));
            records.add(StreamRecord.atMillis(date.toEpochMilli())
                    .value(bytes(line))
                    .build());
        }
        return records;
    }

    /** Trades: price (a random walk), quantity (mostly round lots) and side, little-endian, some microseconds apart. */
    public static List<StreamRecord> ticks(int count) {
        SplittableRandom random = new SplittableRandom(17);
        List<StreamRecord> records = new ArrayList<>();
        long timestampNs = FIRST_TICK_NS;
        long price = 1_283_270_000;
        for (int i = 0; i < count; i++) {
            timestampNs += 200 + (long) (-Math.log(1 - random.nextDouble()) * 40_000);
            price += (random.nextInt(7) - 3) * 100L;
            long quantity = random.nextInt(4) == 0 ? 1 + random.nextInt(1_000) : 100L * (1 + random.nextInt(10));
            ByteBuffer value = ByteBuffer.allocate(TICK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            value.putLong(price).putLong(quantity).put((byte) random.nextInt(2));
            records.add(StreamRecord.atNanos(timestampNs)
                    .typeId(3)
                    .value(value.array())
                    .build());
        }
        return records;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
