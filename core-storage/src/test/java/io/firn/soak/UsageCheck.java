package io.firn.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** Judges what a process held during a long run. Thread-safe: no state. */
final class UsageCheck {
    private UsageCheck() {}

    /**
     * Compares the second fifth of the run with the last two; the first belongs to caches and class loading. Of each part
     * the least counts: what a scan holds while it runs is no leak.
     */
    static void nothingGrows(String who, List<ResourceUsage> samples) {
        int fifth = samples.size() / 5;
        System.out.println(
                who + " heaps " + samples.stream().map(ResourceUsage::heapKiB).toList());
        assertThat(fifth).as("samples of %s, a fifth", who).isPositive();
        ResourceUsage early = ResourceUsage.least(samples.subList(fifth, 2 * fifth));
        ResourceUsage late = ResourceUsage.least(samples.subList(samples.size() - 2 * fifth, samples.size()));
        System.out.println("soak: " + who + " handles mappings threads heapKiB directKiB residentKiB early " + early
                + " late " + late);
        assertThat(late.handles()).as("handles of %s", who).isLessThanOrEqualTo(early.handles() + 8);
        assertThat(late.mappings()).as("mappings of %s", who).isLessThanOrEqualTo(early.mappings() + 4);
        assertThat(late.threads()).as("threads of %s", who).isLessThanOrEqualTo(early.threads() + 2);
        assertThat(late.heapKiB()).as("heap of %s", who).isLessThanOrEqualTo(early.heapKiB() + (4 << 10));
        assertThat(late.directKiB())
                .as("direct buffers of %s", who)
                .isLessThanOrEqualTo(early.directKiB() + (16 << 10));
    }
}
