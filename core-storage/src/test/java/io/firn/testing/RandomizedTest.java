package io.firn.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class RandomizedTest {
    @Test
    void runsWithDifferentSeeds() {
        Set<Long> seen = new HashSet<>();
        Randomized.forAll(100, random -> seen.add(random.nextLong()));
        long expected = System.getProperty("firn.seed") == null ? 100 * Long.getLong("firn.iterations", 1) : 1;
        assertThat(seen).hasSize((int) expected);
    }

    @Test
    void aDefaultRunIsTheSameEachTime() {
        Assumptions.assumeFalse(TestProfile.isStress());
        Assumptions.assumeTrue(System.getProperty("firn.iterations") == null);
        List<Long> first = new ArrayList<>();
        List<Long> second = new ArrayList<>();
        Randomized.forAll(3, random -> first.add(random.nextLong()));
        Randomized.forAll(3, random -> second.add(random.nextLong()));
        assertThat(second).isEqualTo(first);
    }

    @Test
    void namesTheSeedOfAFailure() {
        List<Long> values = new ArrayList<>();
        AssertionError error = assertThrows(
                AssertionError.class,
                () -> Randomized.forAll(10, random -> {
                    values.add(random.nextLong());
                    throw new IllegalStateException("broken");
                }));
        assertThat(error).hasMessageContaining("broken").hasMessageMatching("(?s).*-Dfirn\\.seed=-?\\d+ .*");
        String seed = String.valueOf(error.getMessage()).replaceFirst("(?s).*-Dfirn\\.seed=(-?\\d+) .*", "$1");
        assertThat(new SplittableRandom(Long.parseLong(seed)).nextLong()).isEqualTo(values.get(0));
        assertThat(values).as("stops at the first failure").hasSize(1);
    }

    @Test
    void shrinksAListToWhatFails() {
        List<Integer> numbers = IntStream.range(0, 1000).boxed().toList();
        List<Integer> shortest = Randomized.shrink(numbers, list -> {
            if (list.contains(17) && list.contains(803)) {
                throw new AssertionError("17 and 803");
            }
        });
        assertThat(shortest).containsExactly(17, 803);
    }

    @Test
    void reportsTheShortestList() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> Randomized.forAllLists(
                        1,
                        random -> IntStream.range(0, 100).boxed().toList(),
                        list -> assertThat(list).doesNotContain(42)))
                .withMessageContaining("1 of 100 operations: [42]");
    }
}
