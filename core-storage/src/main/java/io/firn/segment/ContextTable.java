package io.firn.segment;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The contexts of one segment by reference, which are given out in order: 0 (if the header defines one), 1, 2, ...
 * Confined to one thread.
 */
final class ContextTable {
    private final List<@Nullable SegmentContext> byReference = new ArrayList<>();

    /** Starts with the context of the header. */
    ContextTable(SegmentHeader header) {
        byReference.add(header.contextZero().orElse(null));
    }

    /** The reference that the next definition must have. */
    int nextReference() {
        return byReference.size();
    }

    /**
     * Takes a definition.
     *
     * @return whether it is new; a repetition of a known one is legal
     * @throws IllegalArgumentException if it contradicts a known one or leaves out a reference
     */
    boolean define(SegmentContext context) {
        if (context.ref() < byReference.size()) {
            SegmentContext known = byReference.get(context.ref());
            if (!context.equals(known)) {
                throw new IllegalArgumentException("context " + context + " is defined again, before as " + known);
            }
            return false;
        }
        if (context.ref() != byReference.size()) {
            throw new IllegalArgumentException(
                    "context reference " + context.ref() + " where " + byReference.size() + " is next");
        }
        byReference.add(context);
        return true;
    }

    /** The context of a reference, null when it is not defined. */
    @Nullable
    SegmentContext find(int reference) {
        return reference < byReference.size() ? byReference.get(reference) : null;
    }

    /** All contexts by ascending reference. */
    List<SegmentContext> all() {
        List<SegmentContext> all = new ArrayList<>();
        for (SegmentContext context : byReference) {
            if (context != null) {
                all.add(context);
            }
        }
        return Collections.unmodifiableList(all);
    }
}
