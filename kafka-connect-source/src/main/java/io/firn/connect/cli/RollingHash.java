package io.firn.connect.cli;

import io.firn.record.RecordHeader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * SHA-256 over the content of records in their order: the timestamp (8 bytes, big-endian), then key, number of headers,
 * name and value of each, and value; each text and each array with its length (4 bytes, big-endian; -1 for null) before
 * it. So two partitions hold the same records in the same order if and only if they have the same hash and count.
 * Confined to one thread.
 */
final class RollingHash {
    private final MessageDigest digest;
    private final ByteBuffer number = ByteBuffer.allocate(Long.BYTES);
    private long records;

    RollingHash() {
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }

    void add(long timestampMs, byte @Nullable [] key, List<RecordHeader> headers, byte @Nullable [] value) {
        digest.update(number.clear().putLong(timestampMs).flip());
        add(key);
        add(headers.size());
        for (RecordHeader header : headers) {
            add(header.name().getBytes(StandardCharsets.UTF_8));
            add(header.value());
        }
        add(value);
        records++;
    }

    private void add(byte @Nullable [] bytes) {
        add(bytes == null ? -1 : bytes.length);
        if (bytes != null) {
            digest.update(bytes);
        }
    }

    private void add(int value) {
        digest.update(number.clear().putInt(value).flip());
    }

    long records() {
        return records;
    }

    /** The hash of everything so far as hexadecimal digits; ends it. */
    String end() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
