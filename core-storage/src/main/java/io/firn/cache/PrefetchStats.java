package io.firn.cache;

/**
 * What became of the guesses of a prefetcher.
 *
 * @param issued blocks that were begun to load on a guess
 * @param used those of them that a reader asked for
 * @param usedReady those of the used ones that were loaded when the reader asked
 * @param wasted those that were given up unused
 * @param misses blocks that readers asked for and neither memory nor a guess had
 * @param issuedBytes decoded bytes of the issued blocks
 * @param wastedBytes decoded bytes of the wasted blocks
 */
public record PrefetchStats(
        long issued, long used, long usedReady, long wasted, long misses, long issuedBytes, long wastedBytes) {

    /** The counters where prefetch is off. */
    public static final PrefetchStats NONE = new PrefetchStats(0, 0, 0, 0, 0, 0, 0);

    /** Part of the settled guesses that was used, 0 to 1; 1 without any. */
    public double precision() {
        return used + wasted == 0 ? 1 : (double) used / (used + wasted);
    }

    /** Part of what memory did not have that a guess had, 0 to 1; 0 without any. */
    public double coverage() {
        return used + misses == 0 ? 0 : (double) used / (used + misses);
    }

    /** Part of the used guesses that was loaded in time, 0 to 1; 1 without any. */
    public double timeliness() {
        return used == 0 ? 1 : (double) usedReady / used;
    }
}
