package io.firn.cli;

import io.firn.table.TableReader;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The bytes of the value and a line feed; a record without value is an empty line. Confined to one thread. */
final class ValuePrinter implements RecordPrinter {
    private final Output out;

    ValuePrinter(Output out) {
        this.out = out;
    }

    @Override
    public void print(TableReader reader) throws IOException {
        ByteBuffer value = reader.record().value();
        if (value != null) {
            out.write(value);
        }
        out.write('\n');
    }
}
