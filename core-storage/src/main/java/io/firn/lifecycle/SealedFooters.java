package io.firn.lifecycle;

import io.firn.segment.SegmentSummary;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the footers of sealed hot segments say, kept from run to run: a sealed file never changes, and names are never
 * used again. Confined to one thread.
 */
final class SealedFooters {
    /** Some tens of megabytes: one segment may hold very many partitions. What does not fit is read again. */
    private static final int MAX_CONTEXTS = 100_000;

    private final Map<String, Footer> footers = new HashMap<>();
    private final Set<String> asked = new HashSet<>();
    private int contexts;

    /**
     * A footer.
     *
     * @param summary what it says
     * @param modifiedMs when the file was last written
     */
    record Footer(SegmentSummary summary, long modifiedMs) {
        private int contexts() {
            return summary.contexts().size();
        }
    }

    /** The footer of a path, null when it is not known. */
    @Nullable
    Footer find(String path) {
        asked.add(path);
        return footers.get(path);
    }

    /** Keeps a footer if there is room. */
    void add(String path, Footer footer) {
        if (contexts + footer.contexts() <= MAX_CONTEXTS && footers.put(path, footer) == null) {
            contexts += footer.contexts();
        }
    }

    /** Forgets the files that nobody has asked for since the last call: they were rewritten. */
    void forgetRest() {
        footers.entrySet().removeIf(entry -> {
            boolean gone = !asked.contains(entry.getKey());
            contexts -= gone ? entry.getValue().contexts() : 0;
            return gone;
        });
        asked.clear();
    }
}
