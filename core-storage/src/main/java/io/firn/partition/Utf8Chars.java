package io.firn.partition;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Decodes UTF-8 into a reused array. Confined to one thread. */
final class Utf8Chars {
    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    private CharBuffer buffer = CharBuffer.allocate(256);

    /** Decodes all bytes; false when they are not UTF-8. */
    boolean decode(byte[] bytes) {
        if (buffer.capacity() < bytes.length) {
            buffer = CharBuffer.allocate(bytes.length);
        }
        buffer.clear();
        decoder.reset();
        return !decoder.decode(ByteBuffer.wrap(bytes), buffer, true).isError()
                && !decoder.flush(buffer).isError();
    }

    /** The decoded characters from index 0. */
    char[] chars() {
        return buffer.array();
    }

    /** How many characters were decoded. */
    int length() {
        return buffer.position();
    }
}
