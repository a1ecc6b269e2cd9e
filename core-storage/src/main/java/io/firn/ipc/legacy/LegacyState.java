package io.firn.ipc.legacy;

/** What the header of an old segment says of it. */
enum LegacyState {
    /** Nothing was written yet: the stream's last segment, whose writer has just created it. */
    UNWRITTEN,
    /**
     * Zeros only or no byte at all, and later segments have records: its writer died before the first one. A file cut
     * to no byte looks the same, so whoever reads on has to report it.
     */
    BLANK,
    /** Not sealed. */
    OPEN,
    /** Sealed. */
    SEALED;

    /**
     * Reads and verifies a header.
     *
     * @param id the id that the header must have; negative when any is right
     * @param last whether a writer may be appending to the segment
     * @throws io.firn.error.CorruptDataException when it is none of an old segment
     */
    static LegacyState read(LegacyWindow window, long id, boolean last) {
        long size = window.sizeBytes();
        long headerBytes = Math.min(size, LegacyFormat.HEADER_BYTES);
        if (last && window.isZero(0, headerBytes)) {
            return UNWRITTEN;
        }
        boolean cut = size > 0 && size < LegacyFormat.HEADER_BYTES;
        if (window.isPreallocated() && !cut && window.isZero(0, size)) {
            return BLANK;
        }
        if (headerBytes < LegacyFormat.HEADER_BYTES) {
            throw window.damaged(0, "expected a segment header of 64 bytes, found " + headerBytes);
        }
        check(window, 0, "magic", LegacyFormat.MAGIC);
        check(window, LegacyFormat.VERSION_OFFSET, "version", LegacyFormat.VERSION);
        if (id >= 0) {
            check(window, LegacyFormat.ID_OFFSET, "segment id", (int) id);
        }
        boolean sealed = (window.intAt(LegacyFormat.FLAGS_OFFSET) & LegacyFormat.SEALED_FLAG) != 0;
        check(window, LegacyFormat.FLAGS_OFFSET, "flags", sealed ? LegacyFormat.SEALED_FLAG : 0);
        return sealed ? SEALED : OPEN;
    }

    private static void check(LegacyWindow window, long offset, String what, int expected) {
        int found = window.intAt(offset);
        if (expected != found) {
            throw window.damaged(
                    offset,
                    "expected " + what + " 0x" + Integer.toHexString(expected) + " of an old segment, found 0x"
                            + Integer.toHexString(found));
        }
    }
}
