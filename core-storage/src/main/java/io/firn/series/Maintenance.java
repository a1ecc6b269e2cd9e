package io.firn.series;

/**
 * What one run of {@link SeriesStore#maintain} did.
 *
 * @param cut whether the head became a block
 * @param compacted blocks that were made of others
 * @param expired blocks that retention removed
 * @param moved blocks that changed between WARM and COLD
 * @param failures steps that failed; {@link SeriesStats.Operations#lastFailure} says why, and the next run tries again
 */
public record Maintenance(boolean cut, int compacted, int expired, int moved, int failures) {
    Maintenance plus(Maintenance other) {
        return new Maintenance(
                cut || other.cut,
                compacted + other.compacted,
                expired + other.expired,
                moved + other.moved,
                failures + other.failures);
    }
}
