package io.firn.metrics;

/**
 * What a pool did so far and holds now. Exact when nobody uses the pool at the moment of asking.
 *
 * @param created objects that were made because none was available
 * @param acquired objects that were handed out, created ones included
 * @param released objects that came back, also those that were not kept; equal to {@code acquired} when nobody leaks
 * @param available objects that wait in the pool now
 */
public record PoolStats(long created, long acquired, long released, long available) {
    /** Objects that are handed out at present. */
    public long outstanding() {
        return acquired - released;
    }

    /** Part of the acquired objects that had been used before, in percent; 0 before the first. */
    public double reusePercent() {
        return acquired == 0 ? 0 : 100.0 * (acquired - created) / acquired;
    }

    /** What happened since an earlier moment; {@code available} is that of now. */
    public PoolStats since(PoolStats earlier) {
        return new PoolStats(
                created - earlier.created, acquired - earlier.acquired, released - earlier.released, available);
    }
}
