package io.firn.connect.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.registry.SchemaReference;
import io.firn.registry.SchemaRegistries;
import io.firn.registry.SchemaRegistry;
import io.firn.registry.SchemaText;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.ParsedSchema;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.avro.AvroSchema;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;

/** What Confluent's client and ours say to each other through one registry. */
final class GenuineClient {
    private GenuineClient() {}

    private static String unique(String name) {
        return name + UUID.randomUUID().toString().replace("-", "");
    }

    private static SchemaRegistry ours(String url) {
        return SchemaRegistries.open(Map.of("schema.registry.url", url)).orElseThrow();
    }

    private static String city(String name) {
        return "{\"type\":\"record\",\"name\":\"" + name + "\",\"fields\":[{\"name\":\"code\",\"type\":\"string\"}]}";
    }

    private static String leg(String name, String city) {
        return "{\"type\":\"record\",\"name\":\"" + name + "\",\"fields\":[{\"name\":\"to\",\"type\":\"" + city
                + "\"}]}";
    }

    static void readsWhatOursHasRegistered(String url) throws Exception {
        String city = unique("City");
        String leg = unique("Leg");
        CachedSchemaRegistryClient genuine = new CachedSchemaRegistryClient(url, 100);
        try (SchemaRegistry ours = ours(url)) {
            int cityId = ours.register(city, SchemaText.avro(city(city)));
            SchemaText schema =
                    new SchemaText(SchemaText.AVRO, leg(leg, city), List.of(new SchemaReference(city, city, 1)));
            int id = ours.register(leg + "-value", schema);

            AvroSchema found = (AvroSchema) genuine.getSchemaById(id);
            assertThat(found.rawSchema().getName()).isEqualTo(leg);
            assertThat(found.rawSchema().getField("to").schema().getFields()).hasSize(1);
            assertThat(genuine.getSchemaById(cityId).canonicalString()).isEqualTo(city(city));
            assertThat(genuine.getAllVersions(leg + "-value")).containsExactly(1);
            ParsedSchema same = new AvroSchema(city(city));
            assertThat(genuine.getId(city, same)).isEqualTo(cityId);
            assertThat(genuine.register(city, same)).isEqualTo(cityId);
        }
    }

    static void registersWhatOursReads(String url) throws Exception {
        String name = unique("Theirs");
        CachedSchemaRegistryClient genuine = new CachedSchemaRegistryClient(url, 100);
        int id = genuine.register(name + "-value", new AvroSchema(city(name)));
        try (SchemaRegistry ours = ours(url)) {
            assertThat(ours.byId(id)).contains(SchemaText.avro(city(name)));
            assertThat(ours.register(name + "-value", SchemaText.avro(city(name))))
                    .isEqualTo(id);
            assertThat(ours.places(id)).singleElement().extracting("subject").isEqualTo(name + "-value");
        }
    }
}
