package io.firn.connect.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.connect.avro.StructuredDecoder;
import io.firn.connect.source.PartitionRouting.Route;
import io.firn.error.FirnException;
import io.firn.partition.PartitionScheme;
import io.firn.partition.RecordFilter;
import io.firn.record.StreamRecord;
import io.firn.table.KafkaOrigin;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableEnvironment;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import io.firn.testing.Fault;
import io.firn.testing.FaultyFileStore;
import io.firn.testing.InMemoryFileStore;
import io.firn.testing.StoreCall;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A merge goes on behind the last record that it handed out when the archive cannot be read for a moment. */
class MergedReplayTest {
    private static final int PARTITIONS = 3;
    private static final int RECORDS = 120;
    private static final TimestampRule ORIGINAL =
            new TimestampRule(TimestampRule.Kind.ORIGINAL, 0, InstantSource.system());

    private final FaultyFileStore store = new FaultyFileStore(new InMemoryFileStore());
    private Table table;

    @BeforeEach
    void archive() {
        table = Table.openOrCreate(
                Path.of("/archive/t"),
                PartitionScheme.unpartitioned(),
                TableConfig.builder().segmentSizeBytes(64 << 10).build(),
                TableEnvironment.deterministic(store, InstantSource.fixed(Instant.EPOCH)));
        for (int partition = 0; partition < PARTITIONS; partition++) {
            KafkaOrigin origin = new KafkaOrigin("t", partition, 0, "", "");
            try (TableWriter writer = table.writer(WriterOptions.named(origin.writerName())
                    .properties(origin.toProperties())
                    .build())) {
                for (int i = 0; i < RECORDS; i++) {
                    long timeMs = (long) i * PARTITIONS + partition;
                    writer.append(
                            i,
                            StreamRecord.atMillis(timeMs).value(new byte[2_000]).build());
                }
                writer.commit();
            }
        }
    }

    @AfterEach
    void close() {
        store.heal();
        table.close();
    }

    @Test
    void losesAndRepeatsNothingWhateverReadFails() {
        List<Long> all =
                LongStream.range(0, (long) RECORDS * PARTITIONS).boxed().toList();
        int failures = 0;
        for (int nth = 1; nth < 1_000; nth++) {
            Fault fault = store.inject(Fault.on(StoreCall.any()).nth(nth));
            assertThat(replay()).as("fault in call " + nth).isEqualTo(all);
            store.heal();
            if (!fault.happened()) {
                break;
            }
            failures++;
        }

        assertThat(failures).isBetween(10, 998);
    }

    /** Times of the replayed records; a poll that fails with an empty batch is made again, as the task does. */
    private List<Long> replay() {
        List<Long> times = new ArrayList<>();
        try (MergedReplay replay = new MergedReplay(chains())) {
            boolean more = true;
            for (int poll = 0; more && poll < 10_000; poll++) {
                PollBatch batch = new PollBatch(7, 1 << 20, ReplayPace.unlimited());
                more = fill(replay, batch);
                batch.records().stream().map(SourceRecord::timestamp).forEach(times::add);
            }
        }
        return times;
    }

    private static boolean fill(MergedReplay replay, PollBatch batch) {
        try {
            return replay.fill(batch);
        } catch (FirnException e) {
            assertThat(batch.isEmpty()).isTrue();
            return true;
        }
    }

    private List<LaneChain> chains() {
        List<LaneChain> chains = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            String writer = new KafkaOrigin("t", partition, 0, "", "").writerName();
            ReplayLane lane = new ReplayLane("t", table.id(), writer, "t", partition, 0);
            LaneRules rules =
                    new LaneRules(RecordFilter.all(), new Route(partition, partition, 0, false), ORIGINAL, null, 0);
            chains.add(new LaneChain(
                    partition,
                    List.of(new StageReplay(
                            table,
                            ScanOptions.builder(),
                            List.of(new StageReplay.Lane(
                                    writer,
                                    new RecordMapper(lane, "t", new StructuredDecoder(table.schemas()), true),
                                    rules,
                                    0))))));
        }
        return chains;
    }
}
