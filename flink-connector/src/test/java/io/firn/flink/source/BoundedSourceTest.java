package io.firn.flink.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.flink.testing.TestClusters;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.table.TableWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Jobs that read what is committed, and end. */
@Timeout(120)
class BoundedSourceTest extends ArchivedTableFixture {
    private static final int PARALLELISM = 2;

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = TestClusters.of(PARALLELISM);

    @Test
    void readsEverythingOnceHotSettledAndCold() throws Exception {
        archived.append("a", 500);
        archived.append("b", 300);
        archived.act(LifecycleRequest.compressAll());
        archived.append("a", 400);
        archived.act(LifecycleRequest.settleAll());
        archived.append("c", 250);
        archived.append("a", 100);
        for (long splitRecords : new long[] {50, 333, 1_000_000}) {
            assertThat(collect(archived.source().splitRecords(splitRecords).build()))
                    .containsExactlyInAnyOrderElementsOf(archived.content())
                    .hasSize(1550);
        }
    }

    @Test
    void readsNothingOfAnEmptyTable() throws Exception {
        assertThat(collect(archived.source().build())).isEmpty();
        assertThat(collect(archived.source().ordered().build())).isEmpty();
    }

    @Test
    void readsWhatIsCommittedOnly() throws Exception {
        archived.append("a", 10);
        try (TableWriter writer = archived.writer("b", Map.of())) {
            writer.append(ArchivedTable.record("b", 0));
            assertThat(collect(archived.source().build())).hasSize(10);
            writer.commit();
            assertThat(collect(archived.source().build())).hasSize(11);
        }
    }

    @Test
    void keepsTheOrderOfEachWriterWhenItIsOrdered() throws Exception {
        for (String writer : List.of("a", "b", "c", "d", "e")) {
            archived.append(writer, 3000);
        }
        archived.act(LifecycleRequest.compressAll());
        archived.append("c", 100);
        List<String> read = collect(archived.source().ordered().build());
        assertThat(read).hasSize(15100);
        SourceJobs.assertInOrder(read);
    }

    @Test
    void choosesPartitionsAndTimes() throws Exception {
        archived.append("a", 300);
        archived.act(LifecycleRequest.settleAll());
        archived.append("b", 300);
        List<String> read = collect(archived.source()
                .where("k in ('p0', 'p1')")
                .from(Instant.ofEpochSecond(100))
                .to(Instant.ofEpochSecond(200))
                .splitRecords(20)
                .build());
        assertThat(read).hasSize(134).allSatisfy(element -> {
            int number = Integer.parseInt(element.split("[/ ]", -1)[1]);
            assertThat(number).isBetween(100, 199);
            assertThat(number % 3).isLessThan(2);
        });
    }

    @Test
    void readsValuesWithADeserializationSchemaOfFlink() throws Exception {
        archived.append("a", 3);
        FirnSource<String> source = FirnSource.<String>builder()
                .path(archived.path())
                .table(ArchivedTable.NAME)
                .deserializer(FirnRecordDeserializer.valueOnly(new SimpleStringSchema()))
                .build();
        assertThat(collect(source)).containsExactlyInAnyOrder("a/0", "a/1", "a/2");
    }

    @Test
    void aWrongFilterFailsTheJobWithTheRemedy() {
        archived.append("a", 3);
        assertThatThrownBy(() -> collect(archived.source().where("nosuch = 'x'").build()))
                .hasStackTraceContaining("nosuch");
    }

    @Test
    void aTableThatIsNotThereFailsTheJobNamingHostAndPlace() {
        assertThatThrownBy(() -> collect(archived.source().table("nothing").build()))
                .hasStackTraceContaining("nothing");
    }

    private static List<String> collect(FirnSource<String> source) throws Exception {
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
        environment.setParallelism(PARALLELISM);
        List<String> elements = new ArrayList<>();
        try (CloseableIterator<String> results = environment
                .fromSource(source, WatermarkStrategy.noWatermarks(), "firn")
                .executeAndCollect()) {
            results.forEachRemaining(elements::add);
        }
        return elements;
    }
}
