package io.firn.connect.avro;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * Lists.
 *
 * @param element their elements
 */
record ListCodec(ValueCodec element) implements ValueCodec {
    @Override
    public void write(@Nullable Object value, AvroOutput out) {
        if (!(value instanceof List<?> list)) {
            throw ScalarCodec.mismatch("a list", value);
        }
        out.enter();
        if (!list.isEmpty()) {
            out.writeLong(list.size());
            int start = out.size();
            for (Object each : list) { // a lambda would take stack on each level
                element.write(each, out);
            }
            requireReadable(list.size(), out.size() - start);
        }
        out.writeLong(0);
        out.leave();
    }

    /** A reader trusts no count that the bytes cannot back. */
    static void requireReadable(int count, int sizeBytes) {
        if ((long) count - sizeBytes > AvroInput.MAX_EMPTY_ELEMENTS) {
            throw new DataException(
                    "a list has " + count + " elements of no bytes, more than " + AvroInput.MAX_EMPTY_ELEMENTS);
        }
    }

    @Override
    public List<@Nullable Object> read(AvroInput in) {
        in.enter();
        List<@Nullable Object> list = new ArrayList<>();
        for (int count = in.readBlock(0); count > 0; count = in.readBlock(list.size())) {
            for (int i = 0; i < count; i++) {
                list.add(element.read(in));
            }
        }
        in.leave();
        return list;
    }
}
