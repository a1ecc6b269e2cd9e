package io.firn.ipc.legacy;

import io.firn.fs.FileStore;
import io.firn.ipc.ArchiveLayout;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the files of an old stream while the old system writes and compresses. Thread-safe. */
final class LegacyFiles {
    private static final Pattern SEGMENT = Pattern.compile("(\\d{9,18})\\.q(?:\\.zst)?");
    private static final long SINGLE = 0;
    /** A listing may miss a file that is renamed meanwhile, but not twice the same: it is renamed once. */
    private static final int LISTINGS = 2;

    private LegacyFiles() {}

    /** All segments. */
    static LegacyListing list(FileStore store, LegacyStream stream) {
        SortedSet<Long> ids = new TreeSet<>();
        Set<Long> hot = new HashSet<>();
        if (stream.layout() == LegacyLayout.SINGLE_FILE) {
            ids.add(SINGLE);
            if (store.exists(hot(stream, SINGLE))) {
                hot.add(SINGLE);
            }
            return new LegacyListing(ids, hot);
        }
        for (int i = 0; i < LISTINGS; i++) {
            for (String name : store.list(stream.directory())) {
                Matcher segment = SEGMENT.matcher(name);
                if (segment.matches()) {
                    ids.add(Long.valueOf(segment.group(1)));
                    if (name.endsWith(ArchiveLayout.HOT_SUFFIX)) {
                        hot.add(Long.valueOf(segment.group(1)));
                    }
                }
            }
        }
        return new LegacyListing(ids, hot);
    }

    /** The hot file of a segment, whether it exists or not. */
    static Path hot(LegacyStream stream, long id) {
        return stream.directory().resolve(name(stream, id) + ArchiveLayout.HOT_SUFFIX);
    }

    private static String name(LegacyStream stream, long id) {
        return stream.layout() == LegacyLayout.SINGLE_FILE ? stream.key().stream() : ArchiveLayout.segmentName(id);
    }

    /** The files of a segment that exist now; when none does, the hot one, so that opening it says what is missing. */
    static LegacySegment segment(FileStore store, LegacyStream stream, long id) {
        Path hot = hot(stream, id);
        Path cold = stream.directory().resolve(name(stream, id) + ArchiveLayout.COLD_SUFFIX);
        boolean hasHot = store.exists(hot);
        boolean hasCold = store.exists(cold);
        return new LegacySegment(
                id,
                hasHot || !hasCold ? Optional.of(hot) : Optional.empty(),
                Optional.of(cold).filter(p -> hasCold));
    }
}
