package io.firn.connect.source;

import io.firn.partition.PartitionFilter;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.storage.OffsetStorageReader;

/**
 * Arranges the lanes of a task in stages: all lanes of a table that may be read in one go. Of several generations of a
 * topic each older one comes in an earlier stage, because both go to the same target partition.
 *
 * <p>Confined to one thread.
 */
final class ReplayStages {
    private static final long MIN_MEMORY_BYTES = 1L << 20;

    private final FirnSourceConfig config;
    private final Map<String, Table> tables;
    private final OffsetStorageReader offsets;
    private final PartitionRouting routing;

    /**
     * Creates the arrangement.
     *
     * @param config the task's options
     * @param tables the open tables by name
     * @param offsets what Connect stored of an earlier run
     * @param target what the connector found out about the target
     */
    ReplayStages(FirnSourceConfig config, Map<String, Table> tables, OffsetStorageReader offsets, TaskTarget target) {
        this.config = config;
        this.tables = Map.copyOf(tables);
        this.offsets = offsets;
        this.routing = new PartitionOptions(config).routing(target.partitions());
    }

    /** The replay of all lanes of a plan, from where each stands. */
    Replay arrange(TaskPlan plan) {
        Map<Place, List<ReplayLane>> byPlace = byPlace(plan);
        long newest = byPlace.keySet().stream().filter(Place::isNewest).count();
        boolean follows = config.mode() == FirnSourceConfig.Mode.CONTINUOUS;
        long memoryBytes = follows ? config.memoryBytes() / Math.max(1, newest) : config.memoryBytes();
        Map<Map<String, String>, Long> positions = positions(plan);
        List<StageReplay> stages = new ArrayList<>();
        List<StageReplay> growing = new ArrayList<>();
        byPlace.forEach((place, lanes) -> {
            StageReplay stage = stage(place.table(), lanes, positions, Math.max(MIN_MEMORY_BYTES, memoryBytes));
            stages.add(stage);
            if (follows && place.isNewest()) {
                growing.add(stage);
            }
        });
        return new Replay(stages, growing, System::nanoTime);
    }

    private static Map<Place, List<ReplayLane>> byPlace(TaskPlan plan) {
        Map<Place, List<ReplayLane>> byPlace = new TreeMap<>();
        for (LaneGroup group : plan.groups()) {
            for (int i = 0; i < group.lanes().size(); i++) {
                ReplayLane lane = group.lanes().get(i);
                Place place = new Place(group.lanes().size() - 1 - i, lane.table());
                byPlace.computeIfAbsent(place, p -> new ArrayList<>()).add(lane);
            }
        }
        return byPlace;
    }

    private StageReplay stage(
            String tableName, List<ReplayLane> lanes, Map<Map<String, String>, Long> positions, long memoryBytes) {
        Table table = tables.get(tableName);
        if (table == null) {
            throw new IllegalArgumentException("table " + tableName + " of the plan is not open");
        }
        TopicSelection topics = config.topics();
        Map<String, RecordMapper> mappers = new HashMap<>();
        Map<String, LaneRules> rules = new HashMap<>();
        Map<String, Long> starts = new HashMap<>();
        for (ReplayLane lane : lanes) {
            String target = topics.target(lane.topic());
            mappers.put(lane.lane(), new RecordMapper(lane, target));
            rules.put(lane.lane(), new LaneRules(routing.route(lane.topic(), lane.partition(), target)));
            Long start = positions.get(SourceOffset.partition(lane.tableId(), lane.lane()));
            if (start != null) {
                starts.put(lane.lane(), start);
            }
        }
        return new StageReplay(table, scan(table).memoryBytes(memoryBytes), mappers, rules, starts);
    }

    private ScanOptions.Builder scan(Table table) {
        ScanOptions.Builder scan = ScanOptions.builder();
        if (!config.filter().isEmpty()) {
            scan.filter(PartitionFilter.parse(config.filter(), table.scheme()));
        }
        config.fromMs().ifPresent(ms -> scan.fromNs(TimeUnit.MILLISECONDS.toNanos(ms)));
        config.toMs().ifPresent(ms -> scan.toNs(TimeUnit.MILLISECONDS.toNanos(ms)));
        return scan;
    }

    private Map<Map<String, String>, Long> positions(TaskPlan plan) {
        List<Map<String, String>> partitions = new ArrayList<>();
        plan.groups()
                .forEach(group -> group.lanes()
                        .forEach(lane -> partitions.add(SourceOffset.partition(lane.tableId(), lane.lane()))));
        Map<Map<String, String>, Long> positions = new HashMap<>();
        offsets.offsets(partitions).forEach((partition, offset) -> {
            if (offset != null) {
                positions.put(partition, SourceOffset.nextSequence(offset, 0));
            }
        });
        return positions;
    }

    /** Rank counts generations from the newest, which is 0; older ones come first. */
    private record Place(int rank, String table) implements Comparable<Place> {
        boolean isNewest() {
            return rank == 0;
        }

        @Override
        public int compareTo(Place other) {
            return Comparator.comparingInt(Place::rank)
                    .reversed()
                    .thenComparing(Place::table)
                    .compare(this, other);
        }
    }
}
