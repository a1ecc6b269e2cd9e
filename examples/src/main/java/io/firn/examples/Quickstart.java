package io.firn.examples;

import io.firn.connect.testing.ConnectRest;
import io.firn.connect.testing.ConnectWorker;
import io.firn.connect.testing.EmbeddedBroker;
import io.firn.connect.testing.TopicDump;
import io.firn.connect.testing.TopicFeed;
import io.firn.table.LaneInfo;
import io.firn.table.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Archives a real Kafka topic and replays it, on a real broker and a real Connect worker, and compares every replayed
 * record with the input file.
 *
 * <p>Run it with {@code mvn -q -Pquickstart}. Exit code 0 means that everything was identical. Confined to one thread.
 */
public final class Quickstart {
    private static final String TOPIC = "flights";
    private static final String REPLAYED = "flights-replayed";
    private static final int PARTITIONS = 4;
    private static final long FLIGHTS = 113_493;
    private static final Duration WATCHDOG = Duration.ofMinutes(5);
    private static final Duration STEP_TIMEOUT = Duration.ofMinutes(2);
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(100);
    private static final int SHOWN_PARTITIONS = 10;

    private final Progress progress;
    private final QuickstartPlaces places;

    private Quickstart(Progress progress, QuickstartPlaces places) {
        this.progress = progress;
        this.places = places;
    }

    /** Runs the quickstart; the working directory is the repository or its {@code examples} directory. */
    public static void main(String[] args) {
        Progress progress = new Progress(System.out, System::nanoTime);
        Watchdog.start(progress, WATCHDOG);
        boolean identical = false;
        try {
            progress.say("Firn quickstart: archive %,d real flights from Kafka and replay them", FLIGHTS);
            identical =
                    new Quickstart(progress, QuickstartPlaces.fresh(Path.of("").toAbsolutePath())).run();
        } catch (IOException | RuntimeException e) {
            progress.say("FAILED: %s", e);
            e.printStackTrace(System.err);
        }
        System.exit(identical ? 0 : 1);
    }

    private boolean run() throws IOException {
        try (EmbeddedBroker broker = EmbeddedBroker.start(places.broker())) {
            progress.say("broker ready at %s (KRaft, one node)", broker.bootstrapServers());
            Map<String, String> keepForEver = Map.of("retention.ms", "-1");
            broker.createTopic(TOPIC, PARTITIONS, keepForEver);
            broker.createTopic(REPLAYED, PARTITIONS, keepForEver);
            Produced produced = produce(broker.bootstrapServers());
            try (ConnectWorker worker = startWorker(broker.bootstrapServers())) {
                long archived = archive(worker.rest(), broker.bootstrapServers());
                ArchiveReport report = settle(produced.bytes());
                replay(worker.rest(), broker.bootstrapServers());
                return compare(broker.bootstrapServers(), produced, archived, report);
            }
        } finally {
            places.deleteBroker();
        }
    }

    /**
     * What was produced.
     *
     * @param records number of records
     * @param bytes bytes of keys, values and headers
     */
    private record Produced(long records, long bytes) {}

    private Produced produce(String bootstrapServers) throws IOException {
        AtomicLong records = new AtomicLong();
        AtomicLong bytes = new AtomicLong();
        double start = progress.seconds();
        try (TopicFeed feed = TopicFeed.open(bootstrapServers)) {
            FlightsFile.forEach(places.input(), flight -> {
                feed.send(flight.toRecord(TOPIC));
                records.incrementAndGet();
                bytes.addAndGet(flight.sizeBytes());
            });
            feed.flush();
        }
        progress.say(
                "produced %,d records, %,.1f MB, into '%s' (%d partitions): %,.0f records/s",
                records.get(), bytes.get() / 1e6, TOPIC, PARTITIONS, records.get() / (progress.seconds() - start));
        return new Produced(records.get(), bytes.get());
    }

    private ConnectWorker startWorker(String bootstrapServers) {
        progress.say("starting a Connect worker (plugin.discovery=service_load, exactly-once support on)");
        ConnectWorker worker = ConnectWorker.builder(places.worker(), bootstrapServers, places.sinkPlugins())
                .property("plugin.path", places.sinkPlugins() + "," + places.sourcePlugins())
                .property("exactly.once.source.support", "enabled")
                .property("group.id", "firn-quickstart")
                .start();
        progress.say("worker ready at %s, log %s", worker.rest().address(), worker.logFile());
        return worker;
    }

    private long archive(ConnectRest rest, String bootstrapServers) {
        double start = progress.seconds();
        rest.create("flights-archive", QuickstartConnectors.sink(TOPIC, places.archive(), bootstrapServers));
        progress.say("sink connector created: partitioned by dt and origin, compressing on checkpoint");
        await(rest, "flights-archive", "archived", this::archivedRecords);
        progress.say(
                "archived %,d records: %,.0f records/s, start of the connector included",
                FLIGHTS, FLIGHTS / (progress.seconds() - start));
        rest.stop("flights-archive");
        return archivedRecords();
    }

    private long archivedRecords() {
        if (!places.hasTable(TOPIC)) {
            return 0;
        }
        try (Table table = Table.open(places.table(TOPIC))) {
            return table.lanes().stream().mapToLong(LaneInfo::records).sum();
        }
    }

    private ArchiveReport settle(long producedBytes) {
        try (Table table = Table.open(places.table(TOPIC))) {
            progress.say("settling: one file per partition, compressed and verified");
            ArchiveReport report = ArchiveReport.settle(table);
            progress.print("");
            report.lines(SHOWN_PARTITIONS, producedBytes).forEach(progress::print);
            progress.print("");
            return report;
        }
    }

    private void replay(ConnectRest rest, String bootstrapServers) {
        double start = progress.seconds();
        rest.create("flights-replay", QuickstartConnectors.source(TOPIC, REPLAYED, places.archive(), bootstrapServers));
        progress.say("source connector created: exactly once into '%s'", REPLAYED);
        await(rest, "flights-replay", "replayed", () -> QuickstartConnectors.replayedSequences(rest, "flights-replay"));
        progress.say(
                "replayed %,d records: %,.0f records/s, start of the connector included",
                FLIGHTS, FLIGHTS / (progress.seconds() - start));
    }

    private boolean compare(String bootstrapServers, Produced produced, long archived, ArchiveReport report)
            throws IOException {
        ReplayCheck check = ReplayCheck.of(places.input(), PARTITIONS);
        TopicDump.forEach(bootstrapServers, REPLAYED, "read_committed", check::accept);
        List<String> differences = check.differences();
        differences.forEach(difference -> progress.say("DIFFERENCE %s", difference));
        boolean counts = produced.records() == FLIGHTS
                && archived == FLIGHTS
                && report.records() == FLIGHTS
                && check.compared() == FLIGHTS;
        progress.print(String.format(
                "%nproduced %,d = archived %,d = settled %,d = replayed %,d%s",
                produced.records(), archived, report.records(), check.compared(), counts ? "" : "   NOT EQUAL"));
        boolean identical = counts && differences.isEmpty();
        progress.print("compared with " + places.input().getFileName()
                + ": key, value, headers, timestamp, partition and order of every replayed record");
        progress.print("identical: " + identical);
        places.commandsToTry(TOPIC).forEach(progress::print);
        return identical;
    }

    private void await(ConnectRest rest, String connector, String verb, LongSupplier count) {
        double start = progress.seconds();
        double lastSaid = start;
        for (long done = count.getAsLong(); done < FLIGHTS; done = count.getAsLong()) {
            ConnectorState.failIfFailed(rest, connector);
            if (progress.seconds() - start > STEP_TIMEOUT.toSeconds()) {
                throw new IllegalStateException("only " + done + " of " + FLIGHTS + " records were " + verb + " in "
                        + STEP_TIMEOUT.toSeconds() + " s; state: " + rest.status(connector));
            }
            if (progress.seconds() - lastSaid >= 1) {
                lastSaid = progress.seconds();
                progress.say("%s %,d", verb, done);
            }
            LockSupport.parkNanos(LOOK_INTERVAL.toNanos());
        }
    }
}
