package io.firn.connect.source;

import java.util.List;

/**
 * One time that everything is replayed.
 *
 * <p>Immutable; thread-safe.
 *
 * @param parts in the order of replay
 * @param growing those among them that are followed when everything is replayed; none for a bounded replay
 */
record ReplayPass(List<ReplayPart> parts, List<ReplayPart> growing) {
    ReplayPass {
        parts = List.copyOf(parts);
        growing = List.copyOf(growing);
    }
}
