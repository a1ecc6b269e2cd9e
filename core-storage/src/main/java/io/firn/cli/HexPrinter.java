package io.firn.cli;

import io.firn.table.TableReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The value in hexadecimal, one line a record; {@code null} when it has none. Confined to one thread. */
final class HexPrinter implements RecordPrinter {
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final Output out;

    HexPrinter(Output out) {
        this.out = out;
    }

    @Override
    public void print(TableReader reader) throws IOException {
        ByteBuffer value = reader.record().value();
        if (value == null) {
            out.line("null");
            return;
        }
        while (value.hasRemaining()) {
            byte b = value.get();
            out.write(DIGITS[b >> 4 & 15]);
            out.write(DIGITS[b & 15]);
        }
        out.write('\n');
    }
}
