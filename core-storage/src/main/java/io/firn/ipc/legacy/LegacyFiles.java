package io.firn.ipc.legacy;

import io.firn.fs.FileStore;
import io.firn.ipc.ArchiveLayout;
import java.nio.file.Path;
import java.util.Optional;
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

    /** Ids of all segments in ascending order. */
    static SortedSet<Long> ids(FileStore store, LegacyStream stream) {
        SortedSet<Long> ids = new TreeSet<>();
        if (stream.layout() == LegacyLayout.SINGLE_FILE) {
            ids.add(SINGLE);
            return ids;
        }
        for (int i = 0; i < LISTINGS; i++) {
            for (String name : store.list(stream.directory())) {
                Matcher segment = SEGMENT.matcher(name);
                if (segment.matches()) {
                    ids.add(Long.valueOf(segment.group(1)));
                }
            }
        }
        return ids;
    }

    /** The files of a segment that exist now; when none does, the hot one, so that opening it says what is missing. */
    static LegacySegment segment(FileStore store, LegacyStream stream, long id) {
        String name =
                stream.layout() == LegacyLayout.SINGLE_FILE ? stream.key().stream() : ArchiveLayout.segmentName(id);
        Path hot = stream.directory().resolve(name + ArchiveLayout.HOT_SUFFIX);
        Path cold = stream.directory().resolve(name + ArchiveLayout.COLD_SUFFIX);
        boolean hasHot = store.exists(hot);
        boolean hasCold = store.exists(cold);
        return new LegacySegment(
                id,
                hasHot || !hasCold ? Optional.of(hot) : Optional.empty(),
                Optional.of(cold).filter(p -> hasCold));
    }
}
