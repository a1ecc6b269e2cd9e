package io.firn.connect.sink;

import io.firn.table.ArchiveRoot;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * A change of offsets that a user asked Connect for: forward is a recorded gap, backward is refused.
 *
 * <p>Thread-safe.
 */
final class OffsetChange {
    private OffsetChange() {}

    /**
     * Checks all changes, then makes them; making them twice changes nothing more.
     *
     * @param offsets the wanted offset per partition, null to begin again
     * @throws ConnectException when an offset lies below what is archived, or the disk is full; nothing is changed then
     */
    static void apply(FirnSinkConfig config, SinkEnvironment environment, Map<TopicPartition, @Nullable Long> offsets) {
        ArchiveRoot root = environment.access(config).openOrCreate(config);
        SinkMeters unseen = new SinkMeters(System::nanoTime);
        try (SinkSchemas schemas = SinkSchemas.open(config);
                TableSet tables = new TableSet(root, config, environment, schemas, unseen);
                SourceCluster unasked = SourceCluster.open(Map.of());
                ClusterCapture none = new ClusterCapture(Map.of())) {
            LaneOpener opener = new LaneOpener(config, tables, unasked, none, unseen);
            Map<TopicPartition, OpenLane> lanes = opener.open(offsets.keySet());
            try {
                requireAll(offsets.keySet(), lanes.keySet());
                lanes.forEach((partition, lane) -> check(partition, lane.writer(), offsets.get(partition)));
                lanes.forEach((partition, lane) -> move(lane.writer(), offsets.get(partition)));
            } finally {
                lanes.values().forEach(lane -> lane.writer().close());
            }
        }
    }

    private static void requireAll(Set<TopicPartition> wanted, Set<TopicPartition> opened) {
        Set<TopicPartition> missing = new LinkedHashSet<>(wanted);
        missing.removeAll(opened);
        if (!missing.isEmpty()) {
            throw new ConnectException("Cannot change the offsets of " + missing + ": the disk of the archive is full."
                    + " No offset was changed; make space, and change them again.");
        }
    }

    private static void check(TopicPartition partition, LaneWriter writer, @Nullable Long wanted) {
        long position = writer.position();
        if (wanted == null ? position > 0 : wanted < position) {
            throw new ConnectException("Cannot set the offset of " + partition + " to "
                    + (wanted == null ? "the beginning" : wanted) + ": everything below " + position
                    + " is archived, and archiving it again would store it twice. To archive the topic anew, use"
                    + " another " + FirnSinkConfig.TABLE + " or " + FirnSinkConfig.PATH + ", or remove the table; to"
                    + " skip records, set an offset above " + position + ".");
        }
    }

    private static void move(LaneWriter writer, @Nullable Long wanted) {
        if (wanted != null && wanted > writer.position()) {
            writer.recordGap(writer.position(), wanted);
            writer.advanceTo(wanted);
            writer.commit();
        }
    }
}
