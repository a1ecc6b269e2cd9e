package io.firn.log;

import io.firn.error.CorruptDataException;
import io.firn.error.NotFoundException;
import io.firn.fs.PoliteLock;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The catalog as readers see it. Thread-safe; no state. */
public final class Catalog {
    static final String LOCK_FILE = "lock";

    private Catalog() {}

    /**
     * Reads the catalog by rule 1. A maintainer that died while it opened the catalog is helped.
     *
     * @throws CorruptDataException when there is no catalog: every table is created with one, so it was lost
     */
    public static CatalogSnapshot read(TableLayout layout) {
        return read(layout, null, () -> tryLock(layout));
    }

    /**
     * The same; what was read before is not decoded once more, and given back when the log still ends there.
     *
     * @param before null when nothing was read
     */
    static CatalogSnapshot readAgain(TableLayout layout, @Nullable CatalogSnapshot before) {
        return read(layout, before, () -> tryLock(layout));
    }

    /** The same for who holds the maintainer's lock: a log that nobody began is helped at once. */
    static CatalogSnapshot readLocked(TableLayout layout, @Nullable CatalogSnapshot before) {
        return read(layout, before, () -> Optional.of(() -> {}));
    }

    private static CatalogSnapshot read(
            TableLayout layout, @Nullable CatalogSnapshot before, Supplier<Optional<PoliteLock>> lock) {
        LogDirectory directory = layout.catalogLog();
        TrustedRead read = readDecided(layout, directory, lock);
        LogContent content = read.content().orElseThrow(() -> lost(layout));
        PositionPage.check(read.published(), read.content(), directory);
        if (before != null && content.position().equals(before.logPosition())) {
            return before;
        }
        return new CatalogSnapshot(content.position(), decode(content, before));
    }

    private static TrustedRead readDecided(
            TableLayout layout, LogDirectory directory, Supplier<Optional<PoliteLock>> lock) {
        try {
            TrustedRead read = readOnce(directory);
            return read.undecided() ? decide(layout, directory, lock) : read;
        } catch (NotFoundException gone) {
            throw layout.store().isDirectory(layout.catalog()) ? gone : lost(layout);
        }
    }

    /** What a log of one epoch says is only ever added to. */
    private static CatalogState decode(LogContent content, @Nullable CatalogSnapshot before) {
        if (before == null
                || before.logPosition().epoch() != content.epoch()
                || before.logPosition().lengthBytes() > content.lengthBytes()) {
            return CatalogCodec.decode(content);
        }
        return CatalogCodec.decode(content, before);
    }

    /** Whether the catalog stands where it stood: two cheap look-ups, without reading or forcing it. */
    public static boolean isUnchanged(TableLayout layout, CatalogSnapshot before) {
        return layout.catalogLog().isAt(before.logPosition());
    }

    /** The polite lock of the maintainer of a table; empty when somebody has it. */
    public static Optional<PoliteLock> tryLock(TableLayout layout) {
        return layout.store().tryLock(layout.catalog().resolve(LOCK_FILE));
    }

    /** Going on as if nothing had ever been rewritten would hide every settled and compressed record. */
    static CorruptDataException lost(TableLayout layout) {
        return new CorruptDataException(
                layout.catalog(),
                0,
                "expected the catalog that every table is created with, found no log with one; look for what moved"
                        + " it away, or rebuild it from the table's files: firn recover --rebuild-catalog");
    }

    private static TrustedRead decide(TableLayout layout, LogDirectory directory, Supplier<Optional<PoliteLock>> lock) {
        return LogWait.helped(
                () -> readOnce(directory),
                directory::isAbandoned,
                lock,
                () -> CatalogLog.open(layout, InstantSource.system()).close());
    }

    /** A log without a base decides nothing: every catalog has had one since its table was created. */
    private static TrustedRead readOnce(LogDirectory directory) {
        return directory.readTrusted().undecidedWithoutContent();
    }
}
