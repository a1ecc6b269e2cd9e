package io.firn.connect.testing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Digests of the parts of a record, made from the bytes alone and by nothing of the project's own code.
 *
 * <p>Thread-safe.
 */
public final class RecordDigest {
    private static final String NULL = "null";
    private static final int DIGEST_BYTES = 12;

    private RecordDigest() {}

    /** Digest of a key or value; null and empty differ. */
    public static String of(byte @Nullable [] bytes) {
        return bytes == null ? NULL : bytes.length + ":" + hex(sha256().digest(bytes));
    }

    /** Digest of an ordered list of headers with their names and values; null and empty values differ. */
    public static String ofHeaders(Iterable<? extends Header> headers) {
        MessageDigest digest = sha256();
        int count = 0;
        for (Header header : headers) {
            add(digest, header.key().getBytes(StandardCharsets.UTF_8));
            add(digest, header.value());
            count++;
        }
        return count + ":" + hex(digest.digest());
    }

    private static void add(MessageDigest digest, byte @Nullable [] bytes) {
        digest.update(ByteBuffer.allocate(Integer.BYTES)
                .putInt(bytes == null ? -1 : bytes.length)
                .flip());
        if (bytes != null) {
            digest.update(bytes);
        }
    }

    private static String hex(byte[] digest) {
        return HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
