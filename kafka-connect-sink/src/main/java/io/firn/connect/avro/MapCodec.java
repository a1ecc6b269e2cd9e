package io.firn.connect.avro;

import io.firn.registry.AvroInput;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Maps: Avro's own where the keys are texts, else an array of entries; both have the same bytes.
 *
 * @param key the keys
 * @param value the values
 */
record MapCodec(ValueCodec key, ValueCodec value) implements ValueCodec {
    @Override
    public void write(@Nullable Object written, AvroOutput out) {
        if (!(written instanceof Map<?, ?> map)) {
            throw ScalarCodec.mismatch("a map", written);
        }
        out.enter();
        out.beginItems(map.size());
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            key.write(entry.getKey(), out);
            value.write(entry.getValue(), out);
        }
        out.endItems(map.size());
        out.leave();
    }

    @Override
    public Map<@Nullable Object, @Nullable Object> read(AvroInput in) {
        in.enter();
        Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
        for (int count = in.readBlock(); count > 0; count = in.readBlock()) {
            for (int i = 0; i < count; i++) {
                map.put(key.read(in), value.read(in));
            }
        }
        in.leave();
        return map;
    }
}
