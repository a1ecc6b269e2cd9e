package io.firn.connect.avro;

import io.firn.registry.AvroInput;
import java.util.ArrayList;
import java.util.List;
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
        out.beginItems(list.size());
        for (Object each : list) { // a lambda would take stack on each level
            element.write(each, out);
        }
        out.endItems(list.size());
        out.leave();
    }

    @Override
    public List<@Nullable Object> read(AvroInput in) {
        in.enter();
        List<@Nullable Object> list = new ArrayList<>();
        for (int count = in.readBlock(); count > 0; count = in.readBlock()) {
            for (int i = 0; i < count; i++) {
                list.add(element.read(in));
            }
        }
        in.leave();
        return list;
    }
}
