package io.firn.connect.sink;

import io.firn.lifecycle.LifecycleManager;
import io.firn.partition.PartitionMapping;
import io.firn.partition.RecordOrigin;
import io.firn.table.KafkaOrigin;
import io.firn.table.LaneInfo;
import io.firn.table.Table;
import io.firn.table.WriterOptions;
import io.firn.topic.TableTopics;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * A table that the task has open, with its mapping and its lifecycle.
 *
 * <p>Confined to the task's thread.
 */
final class TableHandle implements LaneHome {
    /** Lane property with the one who opened the lane last. */
    private static final String OWNER = "firn.owner";

    private final Table table;
    private final PartitionMapping mapping;
    private final RecordForm form;
    private final Optional<LifecycleManager> lifecycle;

    TableHandle(Table table, PartitionMapping mapping, RecordForm form, Optional<LifecycleManager> lifecycle) {
        this.table = table;
        this.mapping = mapping;
        this.form = form;
        this.lifecycle = lifecycle;
    }

    @Override
    public Path path() {
        return table.path();
    }

    @Override
    public Optional<TableTopics> topics() {
        return Optional.of(table.topics());
    }

    @Override
    public Lanes lanes() {
        List<LaneInfo> lanes = table.lanes();
        form.requireSame(table, lanes);
        return partition -> newestLane(lanes, partition);
    }

    private static Optional<Known> newestLane(List<LaneInfo> lanes, TopicPartition partition) {
        return lanes.stream()
                .flatMap(lane -> KafkaOrigin.of(lane.properties())
                        .filter(origin -> isOf(origin, partition))
                        .map(origin -> new Known(origin, lane.position()))
                        .stream())
                .max(Comparator.comparingInt(lane -> lane.origin().generation()));
    }

    private static boolean isOf(KafkaOrigin origin, TopicPartition partition) {
        return origin.topic().equals(partition.topic()) && origin.partition() == partition.partition();
    }

    @Override
    public LaneWriter writer(KafkaOrigin origin, String owner) {
        Map<String, String> properties = new LinkedHashMap<>(origin.toProperties());
        properties.put(OWNER, owner);
        properties.putAll(form.laneProperties());
        return new LaneWriter.OfTable(
                table.writer(WriterOptions.named(origin.writerName())
                        .origin(new RecordOrigin(origin.topic(), origin.partition()))
                        .properties(properties)
                        .mapping(mapping)
                        .takeOver(true)
                        .build()),
                form);
    }

    @Override
    public String holder(KafkaOrigin origin) {
        return table.lanes().stream()
                .filter(lane -> lane.writer().equals(origin.writerName()))
                .map(lane -> lane.properties().getOrDefault(OWNER, "another writer"))
                .findFirst()
                .orElse("another writer");
    }

    @Override
    public void notifyCommit() {
        lifecycle.ifPresent(LifecycleManager::notifyCommit);
    }

    @Override
    public void close() {
        lifecycle.ifPresent(LifecycleManager::close);
        table.close();
    }
}
