package io.firn.compress;

import java.util.ArrayList;
import java.util.List;

/**
 * A second reader of the container, written from RFC 8878 and the specification of the zstd seekable format alone: it
 * walks the file from the FRONT, frame by frame, and then compares with the seek table. Shares no constant with the
 * engine.
 */
final class IndependentSeekableParser {
    record Entry(long compressed, long decompressed, long checksum) {}

    record Frame(long offset, long bytes, boolean skippable, long magic, long contentSize, long checksum) {}

    private final byte[] file;

    IndependentSeekableParser(byte[] file) {
        this.file = file;
    }

    /** All frames of the file in order, found by walking headers and blocks. */
    List<Frame> frames() {
        List<Frame> frames = new ArrayList<>();
        long at = 0;
        while (at < file.length) {
            Frame frame = u32(at) == 0xFD2FB528L ? zstdFrame(at) : skippableFrame(at);
            frames.add(frame);
            at += frame.bytes();
        }
        require(at == file.length, "frames end at the end of the file");
        return frames;
    }

    private Frame skippableFrame(long at) {
        long magic = u32(at);
        require(magic >= 0x184D2A50L && magic <= 0x184D2A5FL, "magic of a skippable frame at " + at);
        return new Frame(at, 8 + u32(at + 4), true, magic, 0, 0);
    }

    private Frame zstdFrame(long start) {
        int descriptor = u8(start + 4);
        boolean singleSegment = (descriptor & 0x20) != 0;
        boolean checksum = (descriptor & 0x04) != 0;
        require((descriptor & 0x08) == 0, "reserved bit is zero");
        require((descriptor & 0x03) == 0, "no dictionary");
        long at = start + 5 + (singleSegment ? 0 : 1);
        long content = switch (descriptor >>> 6) {
            case 0 -> singleSegment ? u8(at++) : -1;
            case 1 -> u16(at) + 256;
            case 2 -> u32(at);
            default -> u32(at) | (u32(at + 4) << 32);
        };
        at += new int[] {0, 2, 4, 8}[descriptor >>> 6];
        boolean last = false;
        while (!last) {
            int header = u8(at) | (u8(at + 1) << 8) | (u8(at + 2) << 16);
            last = (header & 1) != 0;
            int type = (header >>> 1) & 3;
            require(type != 3, "no reserved block type");
            at += 3 + (type == 1 ? 1 : header >>> 3);
        }
        long found = checksum ? u32(at) : -1;
        return new Frame(start, at + (checksum ? 4 : 0) - start, false, 0xFD2FB528L, content, found);
    }

    /** The entries of the seek table, found from the END of the file. */
    List<Entry> seekTable() {
        require(u32(file.length - 4) == 0x8F92EAB1L, "Seekable_Magic_Number");
        int descriptor = u8(file.length - 5);
        require((descriptor & 0x7C) == 0, "reserved bits of the descriptor are zero");
        boolean checksums = (descriptor & 0x80) != 0;
        long count = u32(file.length - 9);
        int entryBytes = checksums ? 12 : 8;
        long start = file.length - 9 - count * entryBytes - 8;
        require(u32(start) == 0x184D2A5EL, "skippable magic of the seek table");
        require(u32(start + 4) == count * entryBytes + 9, "Frame_Size of the seek table");
        List<Entry> entries = new ArrayList<>();
        for (long i = 0, at = start + 8; i < count; i++, at += entryBytes) {
            entries.add(new Entry(u32(at), u32(at + 4), checksums ? u32(at + 8) : -1));
        }
        return entries;
    }

    private int u8(long at) {
        return file[Math.toIntExact(at)] & 0xFF;
    }

    private int u16(long at) {
        return u8(at) | (u8(at + 1) << 8);
    }

    private long u32(long at) {
        return u16(at) | ((long) u16(at + 2) << 16);
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("violates the specification: " + what);
        }
    }
}
