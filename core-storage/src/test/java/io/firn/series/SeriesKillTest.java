package io.firn.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.lifecycle.verify.TableVerifier;
import io.firn.series.KilledSeriesStore.Phase;
import io.firn.table.Table;
import io.firn.table.TableEnvironment;
import io.firn.testing.ForkedJvm;
import io.firn.testing.Randomized;
import io.firn.testing.TestProfile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} of a process with a store, at any time and in the middle of each kind of work: every sample that it
 * acknowledged is there once with the value that was written last, and nothing else but the step that was under way, as
 * a whole or not at all. {@code -Dfirn.series.kills} sets how many.
 */
class SeriesKillTest {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final int KILLS = Integer.getInteger("firn.series.kills", TestProfile.isStress() ? 500 : 10);
    private static final int KILLS_PER_STORE = 10;
    private static final int MAX_OPERATIONS = 80;
    private static final int MAX_STEPS = 25;
    private static final int MOST_STEPS = 400;
    private static final List<Phase> PHASES = List.of(Phase.values());

    private final Map<Phase, Integer> kills = new EnumMap<>(Phase.class);
    private long steps;
    private long samples;
    private long expired;

    @TempDir
    Path directory;

    @Test
    void everyAcknowledgedSampleIsThereOnceWithItsLastValue() {
        int stores = Math.max(1, KILLS / KILLS_PER_STORE);
        for (int i = 0; i < stores; i++) {
            Path path = directory.resolve("store" + i + (i % 3 == 1 ? "flush" : ""));
            Randomized.forAll(1, random -> killAgainAndAgain(path, random));
        }
        System.out.println("kill -9 of a series store: " + kills + ", " + steps + " acknowledged steps, " + samples
                + " samples at the ends, " + expired + " expired");
        assertThat(kills).containsOnlyKeys(PHASES);
    }

    private void killAgainAndAgain(Path path, RandomGenerator random) {
        SeriesModel model = new SeriesModel();
        long next = random.nextLong(1L << 40);
        for (int i = 0; i < KILLS_PER_STORE; i++) {
            Phase phase = PHASES.get(i % PHASES.size());
            long done = kill(path, phase, next, random);
            for (; next <= done; next++) {
                KilledSteps.apply(model, next);
                steps++;
            }
            try (SeriesStore store = open(path)) {
                model = whatItShows(store, model, next, phase);
            }
            next++; // the step under way is over, whatever became of it
            kills.merge(phase, 1, Integer::sum);
        }
        checkTheEnd(path, model);
    }

    private static SeriesStore open(Path path) {
        return SeriesStore.open(
                path, KilledSeriesStore.options(TableEnvironment.system(), KilledSeriesStore.commitsByFlush(path)));
    }

    /** Runs a process and kills it; returns the last step that it said was durable, or the one before its first. */
    private long kill(Path path, Phase phase, long firstStep, RandomGenerator random) {
        // a phase may have too little to do for its stop
        int most = phase == Phase.NONE ? 1 + random.nextInt(MAX_STEPS) : phase == Phase.OPEN ? 1 : MOST_STEPS;
        String enough = KilledSeriesStore.DONE + (firstStep + most - 1);
        try (ForkedJvm process = ForkedJvm.of(KilledSeriesStore.class, directory)
                .arguments(path, phase, 1 + random.nextInt(MAX_OPERATIONS), firstStep)
                .start()) {
            process.awaitLine(line -> line.startsWith(KilledSeriesStore.STOPPED) || line.equals(enough), TIMEOUT);
            assertThat(process.isAlive()).as(process.error()).isTrue();
            process.kill();
            return process.lines().stream()
                    .filter(line -> line.startsWith(KilledSeriesStore.DONE))
                    .mapToLong(line -> Long.parseLong(line.substring(KilledSeriesStore.DONE.length())))
                    .max()
                    .orElse(firstStep - 1);
        }
    }

    /** Compares with the model without and with the step under way; returns the one that the store shows. */
    private SeriesModel whatItShows(SeriesStore store, SeriesModel before, long underWay, Phase phase) {
        SeriesModel after = before.copy();
        KilledSteps.apply(after, underWay);
        List<LabelMatcher> present = List.of(KilledSteps.ANY, KilledSteps.PRESENT);
        List<String> seen = SeriesModel.select(store, present, TimeRange.ALL);
        List<String> seenOld = SeriesModel.select(store, List.of(KilledSteps.OLD), TimeRange.ALL);
        SeriesModel shown = before;
        if (!seen.equals(before.select(present, TimeRange.ALL)) || !old(before).containsAll(seenOld)) {
            shown = after;
        }
        assertThat(seen)
                .as("present samples after a kill in %s, step %d under way", phase, underWay)
                .isEqualTo(shown.select(present, TimeRange.ALL));
        assertThat(old(shown))
                .as("old samples after a kill in %s, step %d under way", phase, underWay)
                .containsAll(seenOld);
        assertThat(seenOld).doesNotHaveDuplicates();
        expired += old(shown).size() - seenOld.size();
        shown.retain(List.of(KilledSteps.OLD), new HashSet<>(seenOld));
        samples += seen.size() + seenOld.size();
        return shown;
    }

    private static Set<String> old(SeriesModel model) {
        return new HashSet<>(model.select(List.of(KilledSteps.OLD), TimeRange.ALL));
    }

    /** Nothing is damaged, and everything works as if nothing had happened. */
    private static void checkTheEnd(Path path, SeriesModel model) {
        List<String> all = model.select(List.of(KilledSteps.ANY), TimeRange.ALL);
        try (SeriesStore store = open(path)) {
            store.compact();
            store.compress();
            assertThat(SeriesModel.all(store)).isEqualTo(all);
            assertThat(store.maintain().failures()).isZero();
        }
        for (String name : List.of("samples", "chunks", "blocks")) {
            try (Table table = Table.open(path.resolve(name))) {
                assertThat(TableVerifier.verify(table).damages()).as(name).isEmpty();
            }
        }
    }
}
