package io.firn.connect.sink;

import io.firn.connect.testing.TopicFeed;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * In which form seeded records are archived. Confined to one thread at a time.
 *
 * @param name value of {@code record.format}: {@code raw}, or {@code structured} for texts and JSON with schemas, of
 *     which new ones come all the time
 * @param converters with which they are archived
 */
record ArchivedForm(String name, PartConverters converters) {
    private static final int SCHEMAS = 300;
    private static final int MAX_FIELDS = 9;

    /** Both. */
    static List<ArchivedForm> all() {
        return List.of(
                new ArchivedForm("raw", PartConverters.bytes()),
                new ArchivedForm("structured", PartConverters.textAndJson()));
    }

    /** What a connector's configuration says about the form. */
    Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        settings.put("record.format", name);
        settings.put("key.converter", converters.key().getClass().getName());
        settings.put("header.converter", converters.header().getClass().getName());
        settings.put("value.converter", converters.value().getClass().getName());
        return settings;
    }

    /** A seeded record, usual or unusual. */
    ProducerRecord<byte @Nullable [], byte @Nullable []> record(RandomGenerator random, String topic, int partition) {
        ProducerRecord<byte @Nullable [], byte @Nullable []> raw = TopicFeed.randomRecord(random, topic, partition);
        if (name.equals("raw") || raw.value() == null) {
            return raw;
        }
        return new ProducerRecord<>(topic, partition, raw.timestamp(), raw.key(), value(random, topic), raw.headers());
    }

    private byte[] value(RandomGenerator random, String topic) {
        Schema schema = schema(random.nextInt(SCHEMAS));
        Struct struct = new Struct(schema).put("origin", "AT" + random.nextInt(6));
        schema.fields().stream().skip(1).forEach(field -> struct.put(field, random.nextLong()));
        return converters.value().fromConnectData(topic, schema, struct);
    }

    private static Schema schema(int version) {
        SchemaBuilder builder = SchemaBuilder.struct()
                .name("io.acme.Event")
                .version(1 + version)
                .field("origin", Schema.STRING_SCHEMA);
        for (int i = 0; i < version % MAX_FIELDS; i++) {
            builder.field("field" + i, Schema.OPTIONAL_INT64_SCHEMA);
        }
        return builder.build();
    }
}
