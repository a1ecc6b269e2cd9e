package io.firn.segment;

/**
 * The layout of what a cold file says about its segment: the payload of the index frame.
 *
 * <pre>
 *  0  u64  magic "FIRN.Z\r\n"
 *  8  u16  major version   10  u16  minor version
 * 12  u32  required features   16  u32  optional features
 * 20  u32  header length   24  u32  footer length   28  u32  length of the block directory
 * 32  header of the hot form, footer (sections and trailer) of the hot form, block directory
 * </pre>
 *
 * @see <a href="../../../../../../docs/format/cold.md">docs/format/cold.md</a>
 */
final class ColdFormat {
    /** First bytes of the payload: "FIRN.Z\r\n". */
    static final long MAGIC = 0x0a0d_5a2e_4e52_4946L;
    /** Version that this code writes; readers refuse another one. */
    static final int MAJOR_VERSION = 1;
    /** Version of compatible additions: 1 has columnar blocks. */
    static final int MINOR_VERSION = 1;
    /** Required features that this code knows: none yet. */
    static final int KNOWN_REQUIRED_FEATURES = 0;

    static final int MAJOR = 8;
    static final int MINOR = 10;
    static final int REQUIRED = 12;
    static final int OPTIONAL = 16;
    static final int HEADER_LENGTH = 20;
    static final int FOOTER_LENGTH = 24;
    static final int DIRECTORY_LENGTH = 28;
    static final int FIXED_SIZE = 32;

    /** Block encoding: the frames as they are, their checksum words zero. */
    static final int ENCODING_FRAMES = 0;
    /** Block encoding: columns of the frames. @see ColumnarFormat */
    static final int ENCODING_COLUMNS = 1;
    /** Fewest bytes of a block in the directory. */
    static final int MIN_BLOCK_ENTRY_SIZE = 3;

    private static final int ZSTD_FRAME_MAGIC = 0xFD2FB528;
    private static final int INDEX_FRAME_MAGIC = 0x184D2A51;

    private ColdFormat() {}

    /** Whether a file with these first four bytes may be a cold one. */
    static boolean startsLikeCold(int firstBytes) {
        return firstBytes == ZSTD_FRAME_MAGIC || firstBytes == INDEX_FRAME_MAGIC;
    }
}
