package io.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.error.FirnException;
import io.firn.series.LabelMatcher;
import io.firn.series.SampleCursor;
import io.firn.series.SeriesCursor;
import io.firn.series.SeriesOption;
import io.firn.series.SeriesReader;
import io.firn.series.SeriesStore;
import io.firn.series.SeriesStoreOptions;
import io.firn.series.TimestampUnit;
import io.firn.table.TableEnvironment;
import io.firn.testing.Fault;
import io.firn.testing.FaultyFileStore;
import io.firn.testing.InMemoryFileStore;
import io.firn.testing.StoreCall;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeriesWriteSessionTest {
    private static final Path ROOT = Path.of("/metrics");
    private static final int LINES = 24;
    private static final int MAX_CALLS = 2_000;

    private final FaultyFileStore files = new FaultyFileStore(new InMemoryFileStore(1 << 19, InstantSource.system()));

    /** Cuts of the store itself fail, too, which no call tells of. */
    @ParameterizedTest
    @ValueSource(strings = {"flush", "write", "1h"})
    void nothingIsAcknowledgedThatIsLost(String commitEvery) throws IOException {
        for (int call = 1; new SeriesWriteSessionTest().failAt(call, commitEvery); call++) {
            assertThat(call).isLessThan(MAX_CALLS);
        }
    }

    /** Returns false when there are fewer calls. */
    private boolean failAt(int call, String commitEvery) throws IOException {
        SeriesStoreOptions options = SeriesStoreOptions.builder()
                .set(SeriesOption.COMMIT_EVERY, commitEvery)
                .set(SeriesOption.HEAD_MAX_SAMPLES, "6")
                .set(SeriesOption.BACKGROUND_ENABLED, "false")
                .environment(TableEnvironment.deterministic(files, InstantSource.system()))
                .build();
        try (SeriesStore store = SeriesStore.open(ROOT, options)) {
            Fault fault = files.inject(Fault.on(StoreCall.isMutating()).nth(call));
            long acknowledged = acknowledgedBy(store);
            boolean happened = fault.happened();
            files.heal();
            assertThat(committed(options)).as("call %d", call).isGreaterThanOrEqualTo(acknowledged);
            return happened;
        }
    }

    private static long acknowledgedBy(SeriesStore store) throws IOException {
        String text = IntStream.rangeClosed(1, LINES)
                .mapToObj(i -> "cpu 1 " + i + "\n")
                .collect(Collectors.joining());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        InputStream in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        CliContext context = CliContext.of(in, out, new ByteArrayOutputStream());
        SampleInput samples = SampleInput.exposition(false, TimestampUnit.MILLIS);
        try (InputChunks chunks = InputChunks.open(in)) {
            new SeriesWriteSession(context, store, samples, 1, true).run(new LineReader(chunks));
        } catch (FirnException failed) {
            // what was acknowledged before counts
        }
        return out.toString(StandardCharsets.UTF_8).lines().count();
    }

    /** Samples that a process would find which comes after a crash of this one. */
    private static long committed(SeriesStoreOptions options) {
        long count = 0;
        try (SeriesReader reader = SeriesReader.open(ROOT, options);
                SeriesCursor cursor = reader.select(LabelMatcher.equal("__name__", "cpu"))) {
            while (cursor.next()) {
                SampleCursor samples = cursor.samples();
                while (samples.next()) {
                    assertThat(samples.timestamp()).isEqualTo(++count);
                }
            }
        }
        return count;
    }
}
