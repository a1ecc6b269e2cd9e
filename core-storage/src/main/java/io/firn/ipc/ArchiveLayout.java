package io.firn.ipc;

import java.nio.file.Path;
import java.util.Locale;

/**
 * Where archives of the old system keep their files; new archives are tables and need no layout.
 *
 * <p>Immutable; thread-safe; no I/O.
 *
 * @param root the old archive's root
 */
public record ArchiveLayout(Path root) {
    /** Name of the directory below the root that holds streams. */
    public static final String VERSION_DIRECTORY = "v1";
    /** Name of the directory below the root that holds raw streams. */
    public static final String RAW_DIRECTORY = "raw";
    /** Stream name of a raw stream. */
    public static final String RAW_STREAM = "raw";
    /** Ending of a hot segment. */
    public static final String HOT_SUFFIX = ".q";
    /** Ending of a compressed segment. */
    public static final String COLD_SUFFIX = ".q.zst";
    /** Ending of the index of a compressed segment. */
    public static final String INDEX_SUFFIX = ".q.zst.idx";
    /** Name of the file that describes a stream. */
    public static final String META_FILE = "meta.json";

    /** {@code v1/{venue}/{symbol}/{date}} of a stream. */
    public Path dayDirectory(StreamKey key) {
        String symbol =
                key.symbol().orElseThrow(() -> new IllegalArgumentException("A raw stream has no symbol: " + key));
        return root.resolve(VERSION_DIRECTORY)
                .resolve(key.venue())
                .resolve(symbol)
                .resolve(key.dateText());
    }

    /** {@code v1/{venue}/{symbol}/{date}/{stream}}: the directory of a stream's segments. */
    public Path streamDirectory(StreamKey key) {
        return dayDirectory(key).resolve(key.stream());
    }

    /** {@code v1/{venue}/{symbol}/{date}/{stream}/%09d.q}. */
    public Path segment(StreamKey key, long id) {
        return streamDirectory(key).resolve(segmentName(id) + HOT_SUFFIX);
    }

    /** {@code v1/{venue}/{symbol}/{date}/{stream}.q}: the older layout of one file per stream. */
    public Path singleFile(StreamKey key) {
        return dayDirectory(key).resolve(key.stream() + HOT_SUFFIX);
    }

    /** {@code raw/v1/{venue}/{date}/raw}: the directory of a raw stream's segments. */
    public Path rawDirectory(StreamKey key) {
        return root.resolve(RAW_DIRECTORY)
                .resolve(VERSION_DIRECTORY)
                .resolve(key.venue())
                .resolve(key.dateText())
                .resolve(RAW_STREAM);
    }

    /** Nine digits, more when the id needs them. */
    public static String segmentName(long id) {
        return String.format(Locale.ROOT, "%09d", id);
    }
}
