package io.firn.series.codec;

import java.util.Arrays;
import java.util.zip.CRC32C;

/** Chunks and groups that no writer makes, with right checksums. Thread-safe: no state. */
final class ForgedChunk {
    static final int CRC_BYTES = 4;

    private ForgedChunk() {}

    /**
     * A chunk of samples from 0 to {@code range} with these columns.
     *
     * @param codecs the octet of both codecs
     */
    static byte[] of(int codecs, int count, long range, byte[] timestamps, byte[] values) {
        ByteSink columns = new ByteSink(64);
        columns.append(timestamps, 0, timestamps.length);
        columns.append(values, 0, values.length);
        ByteSink body = new ByteSink(64);
        body.unsigned(count);
        body.signed(0);
        body.unsigned(range);
        body.unsigned(timestamps.length);
        body.append(columns.array(), 0, columns.size());
        return framed(0, codecs, body);
    }

    /** A frame around any body. */
    static byte[] framed(int form, int codecs, ByteSink body) {
        ByteSink sink = new ByteSink(body.size() + 64);
        sink.resize(CRC_BYTES);
        sink.octet(ChunkFormat.VERSION << 4 | form);
        sink.octet(codecs);
        sink.unsigned(body.size());
        sink.append(body.array(), 0, body.size());
        byte[] chunk = Arrays.copyOf(sink.array(), sink.size());
        sign(chunk);
        return chunk;
    }

    /** Makes the checksum right. */
    static void sign(byte[] chunk) {
        CRC32C crc = new CRC32C();
        crc.update(chunk, CRC_BYTES, chunk.length - CRC_BYTES);
        int sum = (int) crc.getValue();
        for (int i = 0; i < CRC_BYTES; i++) {
            chunk[i] = (byte) (sum >>> (i * Byte.SIZE));
        }
    }
}
