package io.firn.ipc.legacy;

import io.firn.error.ConfigException;
import io.firn.error.NotFoundException;
import io.firn.fs.FileStore;
import io.firn.ipc.ArchiveLayout;
import io.firn.ipc.StreamKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * An archive of the system before this one, in any of its three layouts; only read, never changed.
 *
 * <p>Thread-safe; holds no open file.
 */
public final class LegacyArchive {
    private final FileStore store;
    private final ArchiveLayout layout;

    private LegacyArchive(FileStore store, Path root) {
        this.store = store;
        this.layout = new ArchiveLayout(root.toAbsolutePath().normalize());
    }

    /**
     * Opens an old archive.
     *
     * @throws NotFoundException when there is neither {@code v1} nor {@code raw/v1} below the root
     */
    public static LegacyArchive open(FileStore store, Path root) {
        LegacyArchive archive = new LegacyArchive(store, root);
        if (!store.isDirectory(archive.segmentsRoot()) && !store.isDirectory(archive.rawRoot())) {
            throw new NotFoundException("No old archive at " + root + ": neither " + archive.segmentsRoot() + " nor "
                    + archive.rawRoot() + " is a directory; give the directory that holds 'v1' or 'raw'");
        }
        return archive;
    }

    /** The archive's root. */
    public Path root() {
        return layout.root();
    }

    /** What is in an archive. */
    public record Contents(List<LegacyStream> streams, List<String> notUnderstood) {
        /** Copies the lists. */
        public Contents {
            streams = List.copyOf(streams);
            notUnderstood = List.copyOf(notUnderstood);
        }
    }

    /** Lists the streams, in the order of their directories, and what looks like one but is none. */
    public Contents contents() {
        List<LegacyStream> streams = new ArrayList<>();
        List<String> notUnderstood = new ArrayList<>();
        for (Path venue : directories(segmentsRoot())) {
            for (Path symbol : directories(venue)) {
                for (Path date : directories(symbol)) {
                    attempt(notUnderstood, date, () -> addDay(streams, notUnderstood, venue, symbol, date));
                }
            }
        }
        for (Path venue : directories(rawRoot())) {
            for (Path date : directories(venue)) {
                attempt(notUnderstood, date, () -> addRaw(streams, venue, date));
            }
        }
        return new Contents(streams, notUnderstood);
    }

    /** The streams of a key that exist, in the order in which their records are read. */
    public List<LegacyStream> find(StreamKey key) {
        List<LegacyStream> found = new ArrayList<>();
        if (key.symbol().isEmpty()) {
            if (store.isDirectory(layout.rawDirectory(key))) {
                found.add(new LegacyStream(key, LegacyLayout.RAW, layout.rawDirectory(key)));
            }
            return found;
        }
        if (store.isDirectory(layout.streamDirectory(key))) {
            found.add(new LegacyStream(key, LegacyLayout.SEGMENTS, layout.streamDirectory(key)));
        }
        LegacyStream single = new LegacyStream(key, LegacyLayout.SINGLE_FILE, layout.dayDirectory(key));
        LegacySegment file = LegacyFiles.segment(store, single, 0);
        if (file.files().stream().anyMatch(store::exists)) {
            found.add(single);
        }
        return found;
    }

    /** Opens a reader of a stream. */
    public LegacyReader reader(LegacyStream stream) {
        return LegacyReader.open(store, stream);
    }

    /** Opens a reader where another one has ended; on its last record. Otherwise as {@link LegacyReader#openAt}. */
    LegacyReader readerAt(LegacyStream stream, LegacyListing listing, LegacyPlace place) {
        return LegacyReader.openAt(store, stream, listing, place);
    }

    /** The segments of a stream. */
    LegacyListing segments(LegacyStream stream) {
        return LegacyFiles.list(store, stream);
    }

    /** Whether a stream still ends where a reader has ended. */
    boolean endsAt(LegacyStream stream, LegacyListing listing, LegacyPlace place) {
        return place.isEndOf(store, stream, listing);
    }

    /** What {@code meta.json} beside a stream's segments or in its day's directory says. */
    public Optional<LegacyMeta> meta(LegacyStream stream) {
        Optional<LegacyMeta> own = LegacyMeta.read(store, stream.directory());
        Path day = stream.directory().getParent();
        if (own.isPresent() || day == null || stream.layout() != LegacyLayout.SEGMENTS) {
            return own;
        }
        return LegacyMeta.read(store, day);
    }

    private void addDay(
            List<LegacyStream> streams, List<String> notUnderstood, Path venue, Path symbol, Path dateDirectory) {
        Optional<String> symbolName = Optional.of(name(symbol));
        var date = StreamKey.parseDate(name(dateDirectory));
        SortedSet<String> files = new TreeSet<>();
        for (String entry : store.list(dateDirectory)) {
            Path path = dateDirectory.resolve(entry);
            if (store.isDirectory(path)) {
                attempt(
                        notUnderstood,
                        path,
                        () -> streams.add(new LegacyStream(
                                new StreamKey(name(venue), symbolName, date, entry), LegacyLayout.SEGMENTS, path)));
            } else if (entry.endsWith(ArchiveLayout.COLD_SUFFIX) || entry.endsWith(ArchiveLayout.HOT_SUFFIX)) {
                files.add(entry.replaceFirst("\\.q(\\.zst)?$", ""));
            }
        }
        for (String stream : files) {
            attempt(
                    notUnderstood,
                    dateDirectory,
                    () -> streams.add(new LegacyStream(
                            new StreamKey(name(venue), symbolName, date, stream),
                            LegacyLayout.SINGLE_FILE,
                            dateDirectory)));
        }
    }

    private void addRaw(List<LegacyStream> streams, Path venue, Path date) {
        Path directory = date.resolve(ArchiveLayout.RAW_STREAM);
        if (store.isDirectory(directory)) {
            StreamKey key = new StreamKey(
                    name(venue), Optional.empty(), StreamKey.parseDate(name(date)), ArchiveLayout.RAW_STREAM);
            streams.add(new LegacyStream(key, LegacyLayout.RAW, directory));
        }
    }

    private static void attempt(List<String> notUnderstood, Path path, Runnable step) {
        try {
            step.run();
        } catch (ConfigException wrongName) {
            notUnderstood.add(path + ": " + wrongName.getMessage());
        }
    }

    private List<Path> directories(Path parent) {
        if (!store.isDirectory(parent)) {
            return List.of();
        }
        return store.list(parent).stream()
                .map(parent::resolve)
                .filter(store::isDirectory)
                .toList();
    }

    private Path segmentsRoot() {
        return layout.root().resolve(ArchiveLayout.VERSION_DIRECTORY);
    }

    private Path rawRoot() {
        return layout.root().resolve(ArchiveLayout.RAW_DIRECTORY).resolve(ArchiveLayout.VERSION_DIRECTORY);
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }
}
