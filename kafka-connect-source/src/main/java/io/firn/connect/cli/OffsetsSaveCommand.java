package io.firn.connect.cli;

import io.firn.cli.CliCommand;
import io.firn.cli.CliContext;
import io.firn.topic.GroupOffset;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code firn offsets save}. One use, one thread. */
@Command(
        name = "save",
        description = "Writes down where consumer groups of a cluster stand. Do it from time to time, as long as the"
                + " cluster lives.")
final class OffsetsSaveCommand implements CliCommand {
    @Parameters(paramLabel = "<file>", description = "A new file, JSON.")
    private Path file = Path.of("");

    @Mixin
    private final ClusterArgument cluster = new ClusterArgument();

    @Option(names = "--group", paramLabel = "<group>", description = "Only this group; may be repeated.")
    private Set<String> groups = new TreeSet<>();

    @Option(names = "--topic", paramLabel = "<topic>", description = "Only this topic; may be repeated.")
    private Set<String> topics = new TreeSet<>();

    @Override
    public int run(CliContext context) throws IOException {
        List<GroupOffset> saved = new ArrayList<>();
        try (Groups found = new Groups(cluster.open(context))) {
            for (String group : groups.isEmpty() ? found.names() : groups) {
                found.offsets(group).forEach((partition, offset) -> {
                    if (topics.isEmpty() || topics.contains(partition.topic())) {
                        saved.add(new GroupOffset(group, partition.topic(), partition.partition(), offset));
                    }
                });
            }
        }
        saved.sort(Comparator.naturalOrder());
        JsonFile.write(context, file, saved);
        context.message(saved.size() + " offsets written to " + file);
        return DONE;
    }
}
