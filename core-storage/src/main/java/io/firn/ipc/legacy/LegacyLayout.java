package io.firn.ipc.legacy;

/** The three ways in which old archives laid out a stream's files. Immutable; thread-safe. */
public enum LegacyLayout {
    /** {@code v1/{venue}/{symbol}/{date}/{stream}/%09d.q[.zst]}. */
    SEGMENTS("legacy"),
    /** {@code v1/{venue}/{symbol}/{date}/{stream}.q[.zst]}. */
    SINGLE_FILE("legacy-file"),
    /** {@code raw/v1/{venue}/{date}/raw/%09d.q}: all symbols of a venue. */
    RAW("legacy-raw");

    private final String writer;

    LegacyLayout(String writer) {
        this.writer = writer;
    }

    /** Name of the writer that migrated records stand under; {@link io.firn.ipc.StreamKey#isOfOldArchive} knows it. */
    public String writer() {
        return writer;
    }
}
