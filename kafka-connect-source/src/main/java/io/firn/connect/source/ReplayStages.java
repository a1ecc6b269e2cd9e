package io.firn.connect.source;

import io.firn.connect.avro.StructuredDecoder;
import io.firn.partition.PartitionFilter;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.connect.storage.OffsetStorageReader;

/**
 * Arranges the lanes of a task for each time that everything is replayed: in stages, all lanes of a table that may be
 * read in one go, or merged by time. Of several generations of a topic each older one comes first, because both go to
 * the same target partition.
 *
 * <p>Confined to one thread.
 */
final class ReplayStages {
    private final FirnSourceConfig config;
    private final Map<String, Table> tables;
    private final OffsetStorageReader offsets;
    private final TaskTarget target;
    private final ReplayClock clock;
    private final RecordOptions records;
    private final PartitionRouting routing;
    private final TimestampRule times;

    /**
     * Creates the arrangement.
     *
     * @param config the task's options
     * @param tables the open tables by name
     * @param offsets what Connect stored of an earlier run
     * @param target what the connector found out about the target
     * @param clock the time
     */
    ReplayStages(
            FirnSourceConfig config,
            Map<String, Table> tables,
            OffsetStorageReader offsets,
            TaskTarget target,
            ReplayClock clock) {
        this.config = config;
        this.tables = Map.copyOf(tables);
        this.offsets = offsets;
        this.target = target;
        this.clock = clock;
        this.records = new RecordOptions(config);
        this.routing = new PartitionOptions(config).routing(target.partitions());
        this.times = new PaceOptions(config).timestamps(clock.wallClock());
    }

    /** The pace of this task. */
    ReplayPace pace() {
        return new ReplayPace(new PaceOptions(config).rules(target.tasks()), clock.nanoClock());
    }

    /** The replay of all lanes of a plan, from where each stands. */
    Replay arrange(TaskPlan plan, ReplayPace pace) {
        OrderOptions order = new OrderOptions(config);
        Map<Map<String, String>, ReplayPosition> positions = positions(plan);
        int last = order.loops() - 1;
        int first = lanes(plan)
                .mapToInt(lane -> Math.min(last, position(positions, lane).loop()))
                .min()
                .orElse(0);
        Iterator<ReplayPass> passes = IntStream.rangeClosed(first, last)
                .mapToObj(loop -> {
                    Map<ReplayLane, ReplayPosition> starts = starts(plan, positions, loop, last);
                    return order.isMerged() ? merged(plan, starts) : staged(plan, starts);
                })
                .iterator();
        return new Replay(passes, pace, clock.nanoClock());
    }

    /**
     * First sequence by lane, for the lanes that take part in a loop: one that was further already is left out. Of a
     * lane that is in a later loop than the last that is wanted, that one is brought to its end, and keeps its number.
     */
    private Map<ReplayLane, ReplayPosition> starts(
            TaskPlan plan, Map<Map<String, String>, ReplayPosition> positions, int loop, int last) {
        Map<ReplayLane, ReplayPosition> starts = new HashMap<>();
        lanes(plan).forEach(lane -> {
            ReplayPosition position = position(positions, lane);
            int present = Math.min(last, position.loop());
            if (present <= loop) {
                long behind = present == loop ? position.sequence() : 0;
                long start = Math.max(behind, records.firstOffset(lane).orElse(0));
                starts.put(lane, new ReplayPosition(Math.max(loop, position.loop()), start));
            }
        });
        return starts;
    }

    private ReplayPass staged(TaskPlan plan, Map<ReplayLane, ReplayPosition> starts) {
        Map<Place, List<ReplayLane>> byPlace = byPlace(plan, starts.keySet());
        long newest = byPlace.keySet().stream().filter(Place::isNewest).count();
        long memoryBytes = follows() ? config.memoryBytes() / Math.max(1, newest) : config.memoryBytes();
        List<ReplayPart> stages = new ArrayList<>();
        List<ReplayPart> growing = new ArrayList<>();
        byPlace.forEach((place, lanes) -> {
            ReplayPart stage = stage(lanes, starts, Math.max(MergeMemory.MIN_BYTES, memoryBytes));
            stages.add(stage);
            if (follows() && place.isNewest()) {
                growing.add(stage);
            }
        });
        return new ReplayPass(stages, growing);
    }

    /** One cursor for each Kafka partition is open, so each has its part of the memory. */
    private ReplayPass merged(TaskPlan plan, Map<ReplayLane, ReplayPosition> starts) {
        int groups = Math.max(1, plan.groups().size());
        MergeMemory.require(config, groups);
        List<LaneChain> chains = new ArrayList<>();
        for (LaneGroup group : plan.groups()) {
            List<StageReplay> generations = group.lanes().stream()
                    .filter(starts::containsKey)
                    .map(lane -> stage(List.of(lane), starts, config.memoryBytes() / groups))
                    .toList();
            if (!generations.isEmpty()) {
                chains.add(new LaneChain(chains.size(), generations));
            }
        }
        List<ReplayPart> parts = List.of(new MergedReplay(chains));
        return new ReplayPass(parts, follows() ? parts : List.of());
    }

    private boolean follows() {
        return config.mode() == FirnSourceConfig.Mode.CONTINUOUS;
    }

    private static Map<Place, List<ReplayLane>> byPlace(TaskPlan plan, Set<ReplayLane> wanted) {
        Map<Place, List<ReplayLane>> byPlace = new TreeMap<>();
        for (LaneGroup group : plan.groups()) {
            for (int i = 0; i < group.lanes().size(); i++) {
                ReplayLane lane = group.lanes().get(i);
                Place place = new Place(group.lanes().size() - 1 - i, lane.table());
                if (wanted.contains(lane)) {
                    byPlace.computeIfAbsent(place, p -> new ArrayList<>()).add(lane);
                }
            }
        }
        return byPlace;
    }

    /** The replay of some lanes of one table. */
    private StageReplay stage(List<ReplayLane> lanes, Map<ReplayLane, ReplayPosition> starts, long memoryBytes) {
        String tableName = lanes.get(0).table();
        Table table = tables.get(tableName);
        if (table == null) {
            throw new IllegalArgumentException("table " + tableName + " of the plan is not open");
        }
        TopicSelection topics = config.topics();
        StructuredDecoder decoder = new StructuredDecoder(table.schemas());
        List<StageReplay.Lane> read = new ArrayList<>();
        Map<String, Long> ends = new HashMap<>();
        for (ReplayLane lane : lanes) {
            String topic = topics.target(lane.topic());
            ReplayPosition start = starts.getOrDefault(lane, ReplayPosition.START);
            read.add(new StageReplay.Lane(
                    lane.lane(),
                    new RecordMapper(lane, topic, decoder, times.usesArchived()),
                    rules(lane, topic, start.loop()),
                    start.sequence()));
            records.endOffset(lane).ifPresent(end -> ends.put(lane.lane(), end));
        }
        ScanOptions.Builder scan = scan(table).memoryBytes(memoryBytes).toSequences(ends);
        return new StageReplay(table, scan, read);
    }

    private LaneRules rules(ReplayLane lane, String topic, int loop) {
        return new LaneRules(
                records.filter(),
                routing.route(lane.topic(), lane.partition(), topic),
                times,
                records.provenance(lane),
                loop);
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

    private Map<Map<String, String>, ReplayPosition> positions(TaskPlan plan) {
        List<Map<String, String>> partitions = lanes(plan)
                .map(lane -> SourceOffset.partition(lane.tableId(), lane.lane()))
                .toList();
        Map<Map<String, String>, ReplayPosition> positions = new HashMap<>();
        offsets.offsets(partitions)
                .forEach((partition, offset) -> positions.put(partition, SourceOffset.position(offset)));
        return positions;
    }

    private static ReplayPosition position(Map<Map<String, String>, ReplayPosition> positions, ReplayLane lane) {
        return positions.getOrDefault(SourceOffset.partition(lane.tableId(), lane.lane()), ReplayPosition.START);
    }

    private static Stream<ReplayLane> lanes(TaskPlan plan) {
        return plan.groups().stream().flatMap(group -> group.lanes().stream());
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
