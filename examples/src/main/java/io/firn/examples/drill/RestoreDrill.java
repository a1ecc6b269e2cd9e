package io.firn.examples.drill;

import io.firn.connect.testing.ConnectRest;
import io.firn.connect.testing.Waiting;
import io.firn.examples.ConnectorState;
import io.firn.examples.Directories;
import io.firn.examples.Progress;
import io.firn.examples.Repository;
import io.firn.examples.Watchdog;
import io.firn.registry.SchemaText;
import io.firn.table.ArchiveRoot;
import io.firn.table.LaneInfo;
import io.firn.table.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.ToIntFunction;
import org.apache.kafka.common.TopicPartition;

/**
 * Loses a Kafka cluster and its schema registry, and restores three topics from their archive into new ones: schemas
 * get new ids, consumer groups go on at the record that they would have read next.
 *
 * <p>Run it with {@code mvn -q -Pquickstart,drill}. Exit code 0 means that nothing was lost, twice or different.
 * Confined to one thread.
 */
public final class RestoreDrill {
    private static final int FIRST_OLD_ID = 1;
    private static final int FIRST_NEW_ID = 5_000;
    private static final Duration WATCHDOG = Duration.ofMinutes(5);
    private static final Duration STEP_TIMEOUT = Duration.ofMinutes(2);

    private final Progress progress;
    private final DrillPlaces places;
    private final FirnCommands firn;
    private final List<DrillGroup> groups = List.of(
            new DrillGroup(
                    "billing",
                    Map.of(
                            new TopicPartition(DrillTopics.ORDERS, 0), 120,
                            new TopicPartition(DrillTopics.ORDERS, 1), 200,
                            new TopicPartition(DrillTopics.PAYMENTS, 0), 50,
                            new TopicPartition(DrillTopics.PAYMENTS, 1), 70)),
            new DrillGroup("search", Map.of(new TopicPartition(DrillTopics.CUSTOMERS, 0), 120)));

    private RestoreDrill(Progress progress, DrillPlaces places) {
        this.progress = progress;
        this.places = places;
        this.firn = new FirnCommands(progress, places.target());
    }

    /** Runs the drill; the working directory is the repository or its {@code examples} directory. */
    public static void main(String[] args) {
        Progress progress = new Progress(System.out, System::nanoTime);
        Watchdog.start(progress, WATCHDOG);
        boolean restored = false;
        try {
            Repository repository = Repository.around(Path.of("").toAbsolutePath());
            Path target = repository.root().resolve("examples/target/drill");
            restored = run(progress, DrillPlaces.fresh(repository, target)).isRestored();
        } catch (IOException | RuntimeException e) {
            progress.say("FAILED: %s", e);
            e.printStackTrace(System.err);
        }
        System.exit(restored ? 0 : 1);
    }

    /** Runs the drill in fresh places and says what it does. */
    public static DrillOutcome run(Progress progress, DrillPlaces places) throws IOException {
        progress.say("Firn restore drill: three topics, a lost cluster and registry, a new cluster and registry");
        return new RestoreDrill(progress, places).run();
    }

    private DrillOutcome run() throws IOException {
        Map<String, Integer> produced;
        Map<String, Integer> archived;
        List<DrillGroup.Standing> before;
        DrillCluster old = DrillCluster.start(places.cluster("old"), FIRST_OLD_ID);
        try (old) {
            produced = useTopics(old);
            archived = archive(old, produced);
            firn.run(
                    "offsets save %s --against %s --group billing --group search",
                    places.savedGroups(), old.bootstrapServers());
            before = standings(old);
        }
        old.destroy();
        progress.say("DESTROYED the old cluster: broker, worker, registry and their files; the archive is left");
        try (DrillCluster fresh = DrillCluster.start(places.cluster("new"), FIRST_NEW_ID)) {
            Map<String, Integer> restored = restore(fresh, archived);
            prove(fresh);
            moveGroups(fresh);
            DrillOutcome outcome = new DrillOutcome(produced, archived, restored, goOn(fresh, before));
            new DrillTopics(fresh).compactAgain();
            conclude(outcome);
            return outcome;
        } finally {
            Directories.delete(places.cluster("new"));
        }
    }

    private Map<String, Integer> useTopics(DrillCluster old) {
        progress.say("OLD cluster: broker %s, schema registry %s", old.bootstrapServers(), old.registryUrl());
        DrillTopics topics = new DrillTopics(old);
        topics.create();
        topics.produceOrders();
        topics.producePayments();
        topics.produceCustomers();
        progress.say("produced orders (Avro, two schemas that refer to a third), payments (JSON, in transactions, every"
                + " other one aborted), customers (compacted)");
        for (DrillGroup group : groups) {
            group.processSome(old);
            progress.say("consumer group '%s' has processed some and stands at %s", group.name(), group.offsets(old));
        }
        topics.compactCustomers();
        Map<String, Integer> produced = counts(topic -> topics.records(topic).size());
        progress.say("customers is compacted, also where group 'search' stands; records to be read: %s", produced);
        return produced;
    }

    private Map<String, Integer> archive(DrillCluster old, Map<String, Integer> wanted) {
        ConnectRest rest = old.startWorker(places.repository());
        rest.create("archive", DrillConnectors.sink(DrillTopics.NAMES, places.archive(), old));
        await(rest, "archive", "the archive of " + wanted, () -> wanted.equals(counts(this::archivedRecords)));
        rest.stop("archive");
        progress.say("archived by the sink connector: %s", counts(this::archivedRecords));
        return counts(this::archivedRecords);
    }

    private int archivedRecords(String topic) {
        if (!Files.isDirectory(places.archive())
                || !ArchiveRoot.tablesBelow(places.archive()).contains(topic)) {
            return 0;
        }
        try (Table table = Table.open(places.table(topic))) {
            return (int) table.lanes().stream().mapToLong(LaneInfo::records).sum();
        }
    }

    private Map<String, Integer> restore(DrillCluster fresh, Map<String, Integer> wanted) {
        DrillTopics.NAMES.forEach(topic -> firn.run("verify %s", places.table(topic)));
        fresh.registry().register("somebody-else", SchemaText.avro("\"long\""));
        progress.say("NEW cluster: broker %s, schema registry %s", fresh.bootstrapServers(), fresh.registryUrl());
        DrillTopics topics = new DrillTopics(fresh);
        topics.createForRestore(DrillTopics.NAMES);
        progress.say("created the topics; customers is not compacted before it is proven");
        ConnectRest rest = fresh.startWorker(places.repository());
        rest.create("restore", DrillConnectors.source(DrillTopics.NAMES, places.archive(), fresh));
        await(
                rest,
                "restore",
                "the restore of " + wanted,
                () -> wanted.equals(counts(topic -> topics.records(topic).size())));
        rest.stop("restore");
        Map<String, Integer> restored = counts(topic -> topics.records(topic).size());
        progress.say("restored by the source connector, exactly once, with new schema ids: %s", restored);
        return restored;
    }

    /** Compares every restored record with the archive. */
    private void prove(DrillCluster fresh) throws IOException {
        Files.writeString(places.registryProperties(), "schema.registry.url=" + fresh.registryUrl() + "\n");
        for (String topic : DrillTopics.NAMES) {
            firn.run(
                    "verify %s %s --against %s --registry-config %s",
                    places.table(topic), topic, fresh.bootstrapServers(), places.registryProperties());
        }
    }

    private void moveGroups(DrillCluster fresh) {
        for (String topic : DrillTopics.NAMES) {
            firn.run(
                    "offsets plan %s %s %s --saved %s --against %s --registry-config %s",
                    places.table(topic),
                    topic,
                    places.plan(topic),
                    places.savedGroups(),
                    fresh.bootstrapServers(),
                    places.registryProperties());
            firn.run("offsets apply %s --against %s", places.plan(topic), fresh.bootstrapServers());
        }
        progress.say("groups are moved: applications may start");
    }

    private List<DrillGroup.Standing> standings(DrillCluster cluster) {
        return groups.stream()
                .flatMap(group -> group.standings(cluster).stream())
                .toList();
    }

    private List<Continuation> goOn(DrillCluster fresh, List<DrillGroup.Standing> before) {
        List<DrillGroup.Standing> after = standings(fresh);
        List<Continuation> continuations = new ArrayList<>();
        for (int i = 0; i < before.size(); i++) {
            continuations.add(new Continuation(before.get(i), after.get(i)));
        }
        return continuations;
    }

    private void conclude(DrillOutcome outcome) {
        outcome.continuations().forEach(each -> progress.print("    " + each.describe()));
        progress.say("compared with what each group would have read: timestamp, key, headers and decoded value of every"
                + " record up to the end; customers is compacted again");
        progress.print("restored: " + outcome.isRestored());
    }

    private static Map<String, Integer> counts(ToIntFunction<String> count) {
        Map<String, Integer> counts = new TreeMap<>();
        DrillTopics.NAMES.forEach(topic -> counts.put(topic, count.applyAsInt(topic)));
        return counts;
    }

    /** Waits, but not for a connector that has failed. */
    private static void await(ConnectRest rest, String connector, String what, BooleanSupplier done) {
        Waiting.until(
                what,
                STEP_TIMEOUT,
                () -> done.getAsBoolean()
                        || ConnectorState.failure(rest, connector).isPresent());
        ConnectorState.failIfFailed(rest, connector);
    }
}
