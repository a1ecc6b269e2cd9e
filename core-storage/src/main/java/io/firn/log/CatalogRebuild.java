package io.firn.log;

import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;

/**
 * Puts a catalog that was rebuilt from the files in the place of a lost one: fences every maintainer, lets the caller
 * find out what the files prove, writes that as the base of a new epoch, and only then renames the damaged logs aside.
 *
 * <p>A crash at any step leaves the damaged catalog or the rebuilt one; nothing is deleted. Thread-safe; no state.
 */
public final class CatalogRebuild {
    /** Part of the names of logs that were put aside. */
    public static final String PUT_ASIDE = DamagedLogs.PUT_ASIDE;

    private CatalogRebuild() {}

    /**
     * What a catalog is to say.
     *
     * @param nextNumber a number above those of all files that the lifecycle ever made
     * @param content removals and visible segments
     */
    public record Rebuilt(long nextNumber, CatalogChange content) {}

    /**
     * Rebuilds; the caller holds the maintainer's lock.
     *
     * @param toldEpoch the highest epoch that anything tells of
     * @param finding runs behind the fence; when it throws, the catalog stays damaged
     * @return the new epoch
     */
    public static long run(TableLayout layout, InstantSource clock, long toldEpoch, Supplier<Rebuilt> finding) {
        LogDirectory directory = layout.catalogLog();
        layout.createDirectories(List.of(layout.catalog(), layout.temporary()));
        try (EpochLog log = EpochLog.fenceForRebuild(directory, clock, toldEpoch)) {
            CatalogOrphans.renameAway(layout, log.epoch()); // what is found in its place stays there
            Rebuilt rebuilt = finding.get();
            CatalogState state = CatalogState.EMPTY.toBuilder()
                    .nextNumber(rebuilt.nextNumber())
                    .apply(rebuilt.content())
                    .build();
            log.begin(CatalogCodec.encodeBase(state, LogOwner.ofThisProcess()));
            DamagedLogs.putAside(directory, log.epoch());
            log.publish(state.nextNumber());
            return log.epoch();
        }
    }

    /**
     * The highest epoch of which the names of logs, temporary directories and markers, and the published position tell;
     * 0 when none does.
     */
    public static long highestEpoch(TableLayout layout) {
        long highest = DamagedLogs.highestEpoch(layout.store().list(layout.catalog()));
        if (layout.store().isDirectory(layout.temporary())) {
            for (String name : layout.store().list(layout.temporary())) {
                highest = Math.max(highest, CatalogLog.epochOfDirectory(name));
            }
        }
        long published =
                layout.catalogLog().published().map(PositionPage::epoch).orElse(0L);
        return Math.max(Math.max(highest, published), ExpiryMarkers.highestEpoch(layout));
    }
}
