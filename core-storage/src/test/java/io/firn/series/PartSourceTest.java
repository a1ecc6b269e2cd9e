package io.firn.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.series.codec.ChunkEncoder;
import io.firn.series.codec.ChunkOptions;
import io.firn.series.codec.CodecStatistics;
import io.firn.task.SpareThreads;
import io.firn.testing.Randomized;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

/** Parts hold the same chunks, whoever encodes them and wherever one part ends and the next begins. */
class PartSourceTest {
    private final ThreadPoolExecutor threads = SpareThreads.newExecutor(3, 100);
    private final AtomicInteger made = new AtomicInteger();
    private final BlockParts parts = new BlockParts(this::newEncoder);

    private SampleEncoder newEncoder() {
        made.incrementAndGet();
        return new WarmEncoder(new ChunkEncoder(ChunkOptions.adaptive(), new CodecStatistics()));
    }

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    /** A chunk with everything that the directory says of it. */
    private record Piece(Labels labels, SeriesType type, List<Object> numbers, List<Byte> bytes) {}

    @Test
    void threadsThatHelpRefuseOrDoNothingChangeNothing() {
        Executor refuses = work -> {
            throw new RejectedExecutionException("full");
        };
        Randomized.forAll(5, random -> {
            Head head = head(random, 300, i -> i % 5 == 0 ? 0 : 1_000 + random.nextInt(1_000));
            List<Piece> expected = pieces(new SourceParts(new HeadSource(head), parts));
            assertThat(expected).hasSizeGreaterThan(300);
            assertThat(pieces(new HeadParts(head, parts, threads, 6))).isEqualTo(expected);
            assertThat(pieces(new HeadParts(head, parts, refuses, 6))).isEqualTo(expected);
            assertThat(pieces(new HeadParts(head, parts, work -> {}, 0))).isEqualTo(expected);
        });
    }

    /** Those of more than 262,144 samples are split by both, the others by one only. */
    @Test
    void aSeriesOfManyRecordsIsSplitBetweenParts() {
        Randomized.forAll(2, random -> {
            Head head = head(random, 12, i -> i % 4 == 1 ? 300_000 : random.nextInt(40_000));
            List<Piece> ofSource = pieces(new SourceParts(new HeadSource(head), parts));
            assertThat(continued).isGreaterThan(1);
            continued = 0;
            assertThat(pieces(new HeadParts(head, parts, threads, 6))).isEqualTo(ofSource);
            assertThat(continued).isGreaterThan(0);
            continued = 0;
        });
    }

    @Test
    void whatWasBegunIsGivenBackWhenItIsNotWanted() {
        Randomized.forAll(1, random -> {
            Head head = head(random, 300, i -> i % 5 == 0 ? 0 : 1_000 + random.nextInt(1_000));
            for (int taken = 0; taken < 4; taken++) {
                try (HeadParts some = new HeadParts(head, parts, threads, 6)) {
                    for (int i = 0; i < taken; i++) {
                        assertThat(some.next()).isNotNull();
                    }
                }
            }
            assertThat(made.get()).isBetween(1, 7); // six ahead, one given
        });
    }

    @Test
    void whatFailsOnAnotherThreadFailsForWhoeverNeedsIt() {
        Randomized.forAll(1, random -> {
            Head head = head(random, 300, i -> i % 5 == 0 ? 0 : 1_000 + random.nextInt(1_000));
            BlockParts failing = new BlockParts(() -> {
                throw new IllegalStateException("no memory");
            });
            try (HeadParts some = new HeadParts(head, failing, threads, 6)) {
                assertThatThrownBy(some::next).hasMessage("no memory");
            }
        });
    }

    private int continued;

    private List<Piece> pieces(PartSource source) {
        List<Piece> pieces = new ArrayList<>();
        try (source) {
            for (BlockPart part = source.next(); part != null; part = source.next()) {
                continued += part.isContinued() ? 1 : 0;
                addPieces(part, pieces);
            }
        }
        return pieces;
    }

    private static void addPieces(BlockPart part, List<Piece> pieces) {
        ChunkDirectory chunks = part.chunks();
        for (int series = 0; series < chunks.series(); series++) {
            boolean goesOn = series == 0 && part.isContinued();
            Labels labels = goesOn ? pieces.get(pieces.size() - 1).labels : part.labels(series);
            SeriesType type = goesOn ? pieces.get(pieces.size() - 1).type : part.type(series);
            for (int chunk = chunks.first(series); chunk < chunks.end(series); chunk++) {
                RecordSink bytes = new RecordSink(0);
                part.copyChunk(chunk, bytes);
                pieces.add(new Piece(labels, type, numbers(chunks, chunk), listOf(bytes.toBytes())));
            }
        }
    }

    private static List<Object> numbers(ChunkDirectory chunks, int chunk) {
        List<Object> numbers =
                new ArrayList<>(List.of(chunks.count(chunk), chunks.minTimestamp(chunk), chunks.maxTimestamp(chunk)));
        if (chunks.isAggregated(chunk)) {
            numbers.addAll(List.of(chunks.minValue(chunk), chunks.maxValue(chunk), chunks.sum(chunk)));
        }
        return numbers;
    }

    private static List<Byte> listOf(byte[] bytes) {
        List<Byte> list = new ArrayList<>(bytes.length);
        for (byte each : bytes) {
            list.add(each);
        }
        return list;
    }

    /** Series of so many samples each; the values of half of them do not compress. */
    private static Head head(RandomGenerator random, int series, IntUnaryOperator samplesOf) {
        Head head = new Head(0);
        for (int i = 0; i < series; i++) {
            int ref = head.addSeries(Labels.of("name", "s" + random.nextLong()), SeriesType.GAUGE);
            SampleArrays samples = new SampleArrays();
            int count = samplesOf.applyAsInt(i);
            for (int j = 0; j < count; j++) {
                long timestamp = i % 3 == 0 ? random.nextInt(1_000_000) : 10L * j;
                samples.add(timestamp, i % 2 == 1 ? random.nextDouble() : random.nextInt(1000) / 10.0);
            }
            head.append(ref, samples, 0, count);
        }
        return head;
    }

    /** All of a head, series by series. */
    private static final class HeadSource implements SeriesSource {
        private final Head head;
        private final int[] refs;
        private final SampleArrays scratch = new SampleArrays();
        private int at = -1;

        HeadSource(Head head) {
            this.head = head;
            this.refs = head.index()
                    .sort(RoaringBitmap.bitmapOfRange(0, head.index().size()));
        }

        @Override
        public boolean next() {
            return ++at < refs.length;
        }

        @Override
        public Labels labels() {
            return head.index().labels(refs[at]);
        }

        @Override
        public SeriesType type() {
            return head.type(refs[at]);
        }

        @Override
        public SampleCursor samples() {
            head.copy(refs[at], scratch.clear());
            return new ArrayCursor(scratch.sortKeepingLast());
        }
    }
}
