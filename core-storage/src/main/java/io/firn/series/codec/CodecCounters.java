package io.firn.series.codec;

/**
 * What one codec did.
 *
 * @param chunks columns of chunks that it encoded
 * @param rawBytes bytes that these take without encoding
 * @param encodedBytes bytes that they take
 * @param encodeNs time it took to encode them, with the choice of the codec
 */
public record CodecCounters(long chunks, long rawBytes, long encodedBytes, long encodeNs) {
    /** Encoded bytes over raw bytes; 1 when nothing was encoded. */
    public double ratio() {
        return rawBytes == 0 ? 1 : (double) encodedBytes / rawBytes;
    }
}
