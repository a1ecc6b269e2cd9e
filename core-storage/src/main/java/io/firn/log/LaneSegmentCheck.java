package io.firn.log;

import io.firn.error.CorruptDataException;
import io.firn.error.NotFoundException;
import io.firn.error.WriterFencedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a new owner finds of its predecessor's segments (rule 4): which are still live, and whether one is damaged.
 */
final class LaneSegmentCheck {
    private final List<LaneSegment> live;
    private final Optional<CorruptDataException> damage;

    private LaneSegmentCheck(List<LaneSegment> live, Optional<CorruptDataException> damage) {
        this.live = live;
        this.damage = damage;
    }

    static LaneSegmentCheck of(TableLayout layout, LaneState before, EpochLog log, Supplier<CatalogState> catalog) {
        if (before.segments().isEmpty()) {
            return new LaneSegmentCheck(List.of(), Optional.empty());
        }
        List<LaneSegment> live = withoutRemoved(before.segments(), catalog.get());
        if (firstDamage(layout, live).isEmpty()) {
            return new LaneSegmentCheck(live, Optional.empty());
        }
        if (log.isFenced()) {
            throw new WriterFencedException("Epoch " + log.epoch() + " was overtaken while it opened its lane");
        }
        // A maintainer may have rewritten and unlinked the segment since the catalog was read.
        List<LaneSegment> again = withoutRemoved(live, catalog.get());
        return new LaneSegmentCheck(again, firstDamage(layout, again));
    }

    List<LaneSegment> live() {
        return live;
    }

    void throwIfDamaged() {
        if (damage.isPresent()) {
            throw damage.get();
        }
    }

    private static List<LaneSegment> withoutRemoved(List<LaneSegment> segments, CatalogState catalog) {
        List<LaneSegment> live = new ArrayList<>();
        for (LaneSegment segment : segments) {
            if (!catalog.isRemoved(segment)) {
                live.add(segment);
            }
        }
        return live;
    }

    static Optional<CorruptDataException> firstDamage(TableLayout layout, List<LaneSegment> segments) {
        for (LaneSegment segment : segments) {
            Optional<CorruptDataException> damage = damage(layout, segment);
            if (damage.isPresent()) {
                return damage;
            }
        }
        return Optional.empty();
    }

    private static Optional<CorruptDataException> damage(TableLayout layout, LaneSegment segment) {
        Path file = layout.resolve(segment.path());
        try {
            long size = layout.store().info(file).sizeBytes();
            return size >= segment.lengthBytes()
                    ? Optional.empty()
                    : Optional.of(new CorruptDataException(
                            file, size, "expected " + segment.lengthBytes() + " committed bytes, found " + size));
        } catch (NotFoundException missing) {
            return Optional.of(new CorruptDataException(
                    file, 0, "expected " + segment.lengthBytes() + " committed bytes, found no such file"));
        }
    }
}
