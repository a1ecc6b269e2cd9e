package io.firn.lifecycle.rebuild;

import io.firn.lifecycle.rebuild.LaneFiles.LaneFile;
import io.firn.log.LaneIdentity;
import io.firn.log.LaneName;
import io.firn.log.LaneRemains;
import io.firn.log.LaneSnapshot;
import io.firn.table.KafkaOrigin;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Who wrote a lane whose log is lost. Thread-safe; no state. */
final class LostLaneIdentity {
    private LostLaneIdentity() {}

    /**
     * Finds the writer.
     *
     * @param named names that the caller knows of
     * @param unproven gets what is only likely
     * @return empty when the name is too long to stand in the lane's and was not given
     */
    static Optional<LaneIdentity> of(
            String lane, List<LaneFile> files, LaneRemains remains, Collection<String> named, List<String> unproven) {
        Optional<LaneIdentity> logged = remains.log()
                .map(LaneSnapshot::identity)
                .filter(identity -> identity.lane().equals(lane));
        return logged.isPresent()
                ? logged
                : name(lane, named).map(writer -> new LaneIdentity(writer, properties(writer, files, unproven)));
    }

    private static Optional<String> name(String lane, Collection<String> named) {
        return LaneName.decode(lane)
                .or(() -> named.stream()
                        .filter(writer -> LaneName.encode(writer).equals(lane))
                        .findFirst());
    }

    private static Map<String, String> properties(String writer, List<LaneFile> files, List<String> unproven) {
        Map<String, String> properties = new TreeMap<>();
        KafkaOrigin.ofWriterName(writer).ifPresent(origin -> {
            properties.putAll(origin.toProperties());
            unproven.add("its name says that it archives topic " + origin.topic() + ", partition "
                    + origin.partition() + ", generation " + origin.generation() + "; the ids of cluster and topic are"
                    + " lost: the sink's next start does not notice when the topic was made again");
        });
        files.stream()
                .map(LostLaneIdentity::partitionOf)
                .filter(path -> !path.isEmpty())
                .findFirst()
                .ifPresent(path -> properties.put(LaneIdentity.PARTITION, path));
        return properties;
    }

    /** The directory of a partition in which a file lies; empty for a hot segment of mixed partitions. */
    private static String partitionOf(LaneFile file) {
        int end = file.path().lastIndexOf('/');
        String directory = end < 0 ? "" : file.path().substring(0, end);
        return directory.indexOf('=') > 0 ? directory : "";
    }
}
