package io.firn.log;

import io.firn.error.NotFoundException;
import io.firn.fs.FileStore;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was removed for ever (rule 19): a file {@code _table/expired/<number>-<epoch>.expired} for every removal,
 * durable before the catalog's entry. A catalog that is rebuilt from the files leaves out what they name; a lane's
 * log that is rebuilt begins behind it. Verifying reads them, nothing else does.
 *
 * <p>The number is one of the catalog: a marker whose number the catalog has not reached belongs to a removal that was
 * never entered, and is deleted by the next maintainer. It is made in the temporary directory of its maintainer, which
 * a successor renames away, and renamed into its place: so no marker of a maintainer that was overtaken appears later.
 * Thread-safe; no state. Layout in docs/format/log.md.
 */
public final class ExpiryMarkers {
    private static final Logger LOG = LoggerFactory.getLogger(ExpiryMarkers.class);
    private static final Pattern NAME = Pattern.compile("(" + LogFormat.NUMBER + ")-([0-9a-f]{8})\\.expired");

    private static final String EXTENSION = ".expired";

    private ExpiryMarkers() {}

    /**
     * Where a marker will stand.
     *
     * @param outputName a name that the catalog's log gave
     */
    public static Path place(TableLayout layout, String outputName) {
        return layout.expired().resolve(outputName + EXTENSION);
    }

    /**
     * Writes a marker; on return it is durable. After a failure it may be there or not: {@link #delete} it.
     *
     * @param marker its {@link #place}
     * @param temporaries the temporary directory of the maintainer
     */
    public static void write(
            TableLayout layout, Path marker, Path temporaries, List<ExpiredRange> ranges, InstantSource clock) {
        layout.createDirectories(List.of(layout.expired()));
        String name = marker.getFileName().toString();
        ByteBuffer bytes = SingleFrameFile.encode(layout, LogKind.EXPIRY, numberOf(name), encode(ranges), clock);
        SingleFrameFile.publish(layout.store(), temporaries.resolve(name), marker, bytes);
    }

    private static byte[] encode(List<ExpiredRange> ranges) {
        PayloadWriter out = new PayloadWriter();
        List<ExpiredRange> whole = ranges.stream().filter(ExpiredRange::isWhole).toList();
        out.unsigned(whole.size());
        whole.forEach(
                range -> writePlace(out, range).signed(range.lastSequence()).unsigned(range.records()));
        if (whole.size() < ranges.size()) {
            out.unsigned(ranges.size() - whole.size());
            ranges.stream()
                    .filter(range -> !range.isWhole())
                    .forEach(range -> writePlace(out, range)
                            .signed(range.firstSequence())
                            .signed(range.lastSequence())
                            .unsigned(range.records()));
        }
        return out.toBytes();
    }

    private static PayloadWriter writePlace(PayloadWriter out, ExpiredRange range) {
        return out.string(range.partitionPath()).string(range.lane());
    }

    /** Everything that was removed for ever, or was about to be. */
    public static List<ExpiredRange> read(TableLayout layout) {
        return readBelow(layout, Long.MAX_VALUE);
    }

    /** What was removed for ever by the entries of a catalog. */
    public static List<ExpiredRange> readEntered(TableLayout layout, CatalogState catalog) {
        return readBelow(layout, catalog.nextNumber());
    }

    private static List<ExpiredRange> readBelow(TableLayout layout, long number) {
        List<ExpiredRange> ranges = new ArrayList<>();
        for (String name : names(layout)) {
            if (numberOf(name) >= number) {
                continue;
            }
            Path file = layout.expired().resolve(name);
            LogContent content = SingleFrameFile.read(layout, file, LogKind.EXPIRY, numberOf(name));
            PayloadReader in = new PayloadReader(content.base(), file);
            ranges.addAll(in.list(() -> ExpiredRange.upTo(in.string(), in.string(), in.signed(), in.unsigned())));
            if (in.hasMore()) {
                ranges.addAll(in.list(
                        () -> new ExpiredRange(in.string(), in.string(), in.signed(), in.signed(), in.unsigned())));
            }
        }
        return ranges;
    }

    /** A number above those of all markers. */
    public static long nextNumber(TableLayout layout) {
        return 1
                + names(layout).stream()
                        .mapToLong(ExpiryMarkers::numberOf)
                        .max()
                        .orElse(0);
    }

    /** The highest epoch of a maintainer that wrote one, its low 32 bits. */
    public static long highestEpoch(TableLayout layout) {
        return names(layout).stream().mapToLong(ExpiryMarkers::epochOf).max().orElse(0);
    }

    /**
     * Withdraws the marker of a removal that its maker gave up, if it is there; on return that is durable.
     *
     * @param temporaries the temporary directory of the maintainer
     * @throws io.firn.error.WriterFencedException when a successor has that directory; the marker stays
     */
    public static void delete(TableLayout layout, Path marker, Path temporaries) {
        try {
            PlacedFiles.remove(layout.store(), marker, temporaries);
            layout.store().forceDirectory(layout.expired());
        } catch (NotFoundException neverMade) {
            LOG.debug("there never was a marker: path={} cause={}", marker, neverMade.toString());
        }
    }

    /**
     * Deletes markers of removals that the catalog never heard of, and half-written ones. A marker of a later epoch
     * than the caller's may be entered in a catalog that the caller does not know, so it stays.
     *
     * @param catalog the base of the caller's epoch
     * @param temporaries the temporary directory of the caller
     */
    static void deleteUnconfirmed(TableLayout layout, CatalogState catalog, long epoch, Path temporaries) {
        FileStore store = layout.store();
        if (!store.isDirectory(layout.expired())) {
            return;
        }
        boolean deleted = false;
        for (String name : store.list(layout.expired())) {
            if (!NAME.matcher(name).matches() || (numberOf(name) >= catalog.nextNumber() && epochOf(name) < epoch)) {
                deleted |= PlacedFiles.remove(store, layout.expired().resolve(name), temporaries);
            }
        }
        if (deleted) {
            store.forceDirectory(layout.expired());
        }
    }

    private static List<String> names(TableLayout layout) {
        if (!layout.store().isDirectory(layout.expired())) {
            return List.of();
        }
        return layout.store().list(layout.expired()).stream()
                .filter(name -> NAME.matcher(name).matches())
                .toList();
    }

    private static long numberOf(String name) {
        return Long.parseLong(matched(name).group(1));
    }

    private static long epochOf(String name) {
        return Long.parseLong(matched(name).group(2), 16);
    }

    private static Matcher matched(String name) {
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not the name of a marker: " + name);
        }
        return matcher;
    }
}
