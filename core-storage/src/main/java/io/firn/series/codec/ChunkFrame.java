package io.firn.series.codec;

import io.firn.error.FormatVersionException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * The frame around a chunk or a group: checksum, version, a form, two codecs and the size, then the body. Everything
 * behind the checksum is covered by it, and nothing of a body is looked at before it was found right. Confined to one
 * thread.
 */
final class ChunkFrame {
    private static final int MAX_HEAD_BYTES = ChunkFormat.FIXED_BYTES + ByteSink.MAX_VARINT_BYTES;

    private final CRC32C crc = new CRC32C();
    private final ByteSink head = new ByteSink(ChunkFormat.MAX_HEADER_BYTES);
    private final ByteSource source = new ByteSource(new ChunkPlace(Path.of(""), 0));

    /** Puts a frame at the target's position, which moves behind it; returns its bytes. */
    int put(int form, int codecs, ByteSink body, ByteBuffer target) {
        head.resize(0);
        head.octet(ChunkFormat.VERSION << ChunkFormat.HIGH_SHIFT | form);
        head.octet(codecs);
        head.unsigned(body.size());
        crc.reset();
        crc.update(head.array(), 0, head.size());
        crc.update(body.array(), 0, body.size());
        int sum = (int) crc.getValue();
        for (int i = 0; i < ChunkFormat.CRC_BYTES; i++) {
            target.put((byte) (sum >>> (i * Byte.SIZE)));
        }
        target.put(head.array(), 0, head.size()).put(body.array(), 0, body.size());
        return ChunkFormat.CRC_BYTES + head.size() + body.size();
    }

    /**
     * Checks the frame at the position of a buffer, which does not move, and returns its bytes, standing before the
     * form.
     *
     * @param maxSizeBytes most bytes that a frame of this kind may take
     */
    ByteSource open(ByteBuffer from, int maxSizeBytes, ChunkPlace place) {
        int sizeBytes = sizeOf(from, maxSizeBytes, place);
        source.copy(from, from.position(), sizeBytes, place);
        int sum = (int) LittleEndian.getLong(source.array(), source.take(ChunkFormat.CRC_BYTES));
        int version = source.octet() >>> ChunkFormat.HIGH_SHIFT;
        crc.reset();
        crc.update(source.array(), ChunkFormat.CRC_BYTES, sizeBytes - ChunkFormat.CRC_BYTES);
        if ((int) crc.getValue() != sum) {
            throw place.corrupt(String.format("checksum 0x%08x, computed 0x%08x", sum, (int) crc.getValue()));
        }
        if (version != ChunkFormat.VERSION) {
            throw new FormatVersionException("The series chunk in " + place.path() + " at offset " + place.offset()
                    + " has version " + version + ", this program reads version " + ChunkFormat.VERSION
                    + "; read it with the program that wrote it or a newer one.");
        }
        source.position(ChunkFormat.CRC_BYTES);
        return source;
    }

    /** Bytes of the frame if its size is right, none of which is missing. */
    private int sizeOf(ByteBuffer from, int maxSizeBytes, ChunkPlace place) {
        source.copy(from, from.position(), Math.min(from.remaining(), MAX_HEAD_BYTES), place);
        source.take(ChunkFormat.FIXED_BYTES);
        int size = source.count(maxSizeBytes, "size of a chunk");
        int sizeBytes = source.position() + size;
        if (sizeBytes > from.remaining()) {
            throw place.corrupt("a chunk of " + sizeBytes + " bytes where " + from.remaining() + " are left");
        }
        return sizeBytes;
    }

    /** Takes form and codecs, in the low and the next octet, and skips the size. */
    static int takeFormAndCodecs(ByteSource source) {
        int form = source.octet() & ChunkFormat.LOW_MASK;
        int codecs = source.octet();
        source.unsigned();
        return form | codecs << Byte.SIZE;
    }
}
