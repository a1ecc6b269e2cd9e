package io.firn.connect.cli;

import com.fasterxml.jackson.core.type.TypeReference;
import io.firn.cli.CliCommand;
import io.firn.cli.CliContext;
import io.firn.cli.UsageException;
import io.firn.table.Table;
import io.firn.topic.GroupOffset;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code firn offsets plan}. One use, one thread. */
@Command(
        name = "plan",
        description = "Finds where saved groups stand in the topic into which a table was replayed, comparing"
                + " every record up to there. Changes nothing.")
final class OffsetsPlanCommand implements CliCommand {
    private static final TypeReference<List<GroupOffset>> SAVED = new TypeReference<>() {};

    @Parameters(index = "0", paramLabel = "<table>", description = "Directory of the table.")
    private Path path = Path.of("");

    @Parameters(index = "1", paramLabel = "<topic>", description = "The topic into which it was replayed.")
    private String topic = "";

    @Parameters(index = "2", paramLabel = "<plan>", description = "A new file for the plan, JSON.")
    private Path plan = Path.of("");

    @Mixin
    private final ClusterArgument cluster = new ClusterArgument();

    @Option(
            names = "--saved",
            paramLabel = "<file>",
            description = "What 'firn offsets save' has written. Without it: what the sink has kept with the table"
                    + " (offsets.capture.groups).")
    private @Nullable Path saved;

    @Option(
            names = "--registry-config",
            paramLabel = "<file>",
            description = "Properties of the topic's schema registry, as 'firn verify' has them.")
    private Optional<Path> registryConfig = Optional.empty();

    @Option(
            names = "--converter-config",
            paramLabel = "<file>",
            description = "For structured records: the converters that the topic was written with, as 'firn verify' has"
                    + " them.")
    private Optional<Path> converterConfig = Optional.empty();

    @Override
    public int run(CliContext context) throws IOException {
        List<OffsetMove> moves = new ArrayList<>();
        Cluster target = cluster.open(context);
        try (Table table = Table.open(path, context.environment());
                RecordRule rule = RecordRule.of(context, table, live());
                Consumer<byte[], byte[]> consumer = target.consumer();
                Groups groups = new Groups(target)) {
            ArchivedTopic archive = ArchivedTopic.of(table);
            int partitions = target.partitions(consumer, topic);
            Map<Integer, List<GroupOffset>> wanted = wanted(context, table, archive);
            nameLeftOut(context, wanted, archive);
            OffsetTranslation translation = new OffsetTranslation(consumer, topic, rule);
            for (ArchivedPartition partition : archive.partitions()) {
                List<GroupOffset> offsets = wanted.getOrDefault(partition.partition(), List.of());
                if (!offsets.isEmpty() && isThere(partition, partitions)) {
                    moves.addAll(moves(groups, translation, partition, offsets));
                }
            }
        }
        if (moves.isEmpty()) {
            throw new UsageException((saved == null ? "the table" : "--saved " + saved)
                    + " has no group with an offset in what this table holds of its topic; give a file of 'firn offsets"
                    + " save' with --saved");
        }
        JsonFile.write(context, plan, moves);
        moves.forEach(move -> context.message(move.group() + " " + move.place() + ": " + move.archived()
                + " in the original topic is " + move.offset() + ", now at " + move.previous()));
        return DONE;
    }

    /** A partition without a writer was never archived, or its writer is lost: nothing says where its groups go on. */
    private static void nameLeftOut(CliContext context, Map<Integer, List<GroupOffset>> wanted, ArchivedTopic archive) {
        Set<Integer> archived =
                archive.partitions().stream().map(ArchivedPartition::partition).collect(Collectors.toSet());
        wanted.forEach((partition, offsets) -> {
            if (!archived.contains(partition)) {
                offsets.forEach(offset -> context.message(offset.group() + " " + archive.topic() + "-" + partition
                        + ": " + offset.offset() + " is left out: the table has no writer of this partition"));
            }
        });
    }

    /** Whether the topic has a partition; one without archived records need not be there. */
    private boolean isThere(ArchivedPartition partition, int partitions) throws IOException {
        if (partition.partition() < partitions) {
            return true;
        }
        try (ArchivedRecords records = new ArchivedRecords(partition)) {
            if (records.next()) {
                throw new IOException(topic + " has only " + partitions + " partitions, and groups stand in "
                        + partition.partition() + " of the archive, which has records. Replay the whole table, with"
                        + " the same partitions, into an empty topic first.");
            }
        }
        return false;
    }

    private RecordRule.Topic live() {
        return new RecordRule.Topic(topic, false, registryConfig, converterConfig);
    }

    private Map<Integer, List<GroupOffset>> wanted(CliContext context, Table table, ArchivedTopic archive)
            throws IOException {
        Map<Integer, List<GroupOffset>> wanted = new TreeMap<>();
        List<GroupOffset> offsets =
                saved == null ? table.topics().offsets(archive.topic()) : JsonFile.read(context, saved, SAVED);
        for (GroupOffset offset : offsets) {
            if (offset.topic().equals(archive.topic())) {
                wanted.computeIfAbsent(offset.partition(), partition -> new ArrayList<>())
                        .add(offset);
            }
        }
        return wanted;
    }

    private List<OffsetMove> moves(
            Groups groups, OffsetTranslation translation, ArchivedPartition partition, List<GroupOffset> offsets)
            throws IOException {
        TreeSet<Long> wanted = new TreeSet<>();
        offsets.forEach(offset -> wanted.add(offset.offset()));
        Map<Long, Long> found = translation.translate(partition, wanted);
        TopicPartition place = new TopicPartition(topic, partition.partition());
        List<OffsetMove> moves = new ArrayList<>();
        for (GroupOffset offset : offsets) {
            moves.add(new OffsetMove(
                    offset.group(),
                    topic,
                    partition.partition(),
                    offset.offset(),
                    found.getOrDefault(offset.offset(), 0L),
                    groups.offsets(offset.group()).get(place)));
        }
        return moves;
    }
}
