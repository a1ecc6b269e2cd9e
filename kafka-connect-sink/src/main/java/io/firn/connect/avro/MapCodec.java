package io.firn.connect.avro;

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
        if (!map.isEmpty()) {
            out.writeLong(map.size());
            int start = out.size();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                key.write(entry.getKey(), out);
                value.write(entry.getValue(), out);
            }
            ListCodec.requireReadable(map.size(), out.size() - start);
        }
        out.writeLong(0);
        out.leave();
    }

    @Override
    public Map<@Nullable Object, @Nullable Object> read(AvroInput in) {
        in.enter();
        Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
        int entries = 0;
        for (int count = in.readBlock(0); count > 0; count = in.readBlock(entries)) {
            for (int i = 0; i < count; i++) {
                map.put(key.read(in), value.read(in));
            }
            entries += count;
        }
        in.leave();
        return map;
    }
}
