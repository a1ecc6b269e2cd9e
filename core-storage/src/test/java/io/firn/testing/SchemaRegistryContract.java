package io.firn.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.firn.registry.RegistryRefusedException;
import io.firn.registry.SchemaReference;
import io.firn.registry.SchemaRegistry;
import io.firn.registry.SchemaText;
import io.firn.registry.SchemaVersion;
import io.firn.registry.SubjectVersion;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every registry does for us, be it a stub in this process or somebody's product. */
public abstract class SchemaRegistryContract {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Subjects of one run, so that a registry that keeps things can be used twice. */
    private final String run = UUID.randomUUID().toString();

    /** A client of the registry under test, without anything in its cache; the test closes it. */
    protected abstract SchemaRegistry client();

    /** A record of one field. */
    protected static SchemaText record(String name, String field, String type) {
        return SchemaText.avro("{\"type\":\"record\",\"name\":\"" + name + "\",\"namespace\":\"io.firn.it\",\"fields\":"
                + "[{\"name\":\"" + field + "\",\"type\":" + type + "}]}");
    }

    private String subject(String name) {
        return name + "-" + run + "-value";
    }

    private String unique(String name) {
        return name + run.replace("-", "");
    }

    @Test
    void answersAPing() {
        try (SchemaRegistry registry = client()) {
            registry.ping();
        }
    }

    @Test
    void givesBackWhatWasRegistered() throws Exception {
        SchemaText flight = record(unique("Flight"), "origin", "\"string\"");
        int id;
        try (SchemaRegistry registry = client()) {
            id = registry.register(subject("flights"), flight);
            assertThat(registry.register(subject("flights"), flight)).isEqualTo(id);
        }
        try (SchemaRegistry registry = client()) {
            SchemaText found = registry.byId(id).orElseThrow();
            assertThat(json(found)).isEqualTo(json(flight));
            assertThat(found.type()).isEqualTo(SchemaText.AVRO);
            assertThat(found.references()).isEmpty();
            assertThat(registry.versions(subject("flights"))).containsExactly(1);
            assertThat(registry.lookUp(subject("flights"), flight))
                    .get()
                    .extracting(SchemaVersion::id, SchemaVersion::version)
                    .containsExactly(id, 1);
            SchemaVersion version = registry.version(subject("flights"), 1).orElseThrow();
            assertThat(version.id()).isEqualTo(id);
            assertThat(json(version.schema())).isEqualTo(json(flight));
        }
    }

    @Test
    void aSubjectHasOneVersionForEachSchema() {
        SchemaText first = record(unique("Grown"), "a", "\"long\"");
        SchemaText second = SchemaText.avro(
                first.text().replace("}]}", "},{\"name\":\"b\",\"type\":[\"null\",\"int\"],\"default\":null}]}"));
        try (SchemaRegistry registry = client()) {
            int firstId = registry.register(subject("grown"), first);
            int secondId = registry.register(subject("grown"), second);

            assertThat(secondId).isNotEqualTo(firstId);
            assertThat(registry.versions(subject("grown"))).containsExactly(1, 2);
            assertThat(registry.version(subject("grown"), 2))
                    .get()
                    .extracting(SchemaVersion::id)
                    .isEqualTo(secondId);
            assertThat(registry.lookUp(subject("grown"), first))
                    .get()
                    .extracting(SchemaVersion::version)
                    .isEqualTo(1);
        }
    }

    @Test
    void keepsReferences() throws Exception {
        SchemaText airport = record(unique("Airport"), "code", "\"string\"");
        String name = "io.firn.it." + unique("Airport");
        int id;
        SchemaText leg;
        try (SchemaRegistry registry = client()) {
            registry.register(subject("airports"), airport);
            leg = new SchemaText(
                    SchemaText.AVRO,
                    record(unique("Leg"), "to", "\"" + name + "\"").text(),
                    List.of(new SchemaReference(name, subject("airports"), 1)));
            id = registry.register(subject("legs"), leg);
        }
        try (SchemaRegistry registry = client()) {
            SchemaText found = registry.byId(id).orElseThrow();
            assertThat(found.references()).isEqualTo(leg.references());
            assertThat(json(found)).isEqualTo(json(leg));
            assertThat(registry.version(subject("legs"), 1)
                            .orElseThrow()
                            .schema()
                            .references())
                    .isEqualTo(leg.references());
        }
    }

    @Test
    void tellsWhereASchemaIsRegistered() {
        SchemaText both = record(unique("Both"), "a", "\"long\"");
        try (SchemaRegistry registry = client()) {
            int id = registry.register(subject("one"), both);

            assertThat(registry.places(id)).contains(new SubjectVersion(subject("one"), 1));
        }
    }

    @Test
    void subjectsMayHaveAnyName() {
        String odd = subject("a/b c%20ü:?#");
        try (SchemaRegistry registry = client()) {
            registry.register(odd, record(unique("Odd"), "a", "\"long\""));

            assertThat(registry.versions(odd)).containsExactly(1);
        }
    }

    @Test
    void whatIsNotThereIsNoError() {
        SchemaText known = record(unique("Known"), "a", "\"long\"");
        try (SchemaRegistry registry = client()) {
            registry.register(subject("known"), known);

            assertThat(registry.byId(2_000_000_000)).isEmpty();
            assertThat(registry.places(2_000_000_000)).isEmpty();
            assertThat(registry.versions(subject("unknown"))).isEmpty();
            assertThat(registry.version(subject("unknown"), 1)).isEmpty();
            assertThat(registry.version(subject("known"), 7)).isEmpty();
            assertThat(registry.lookUp(subject("unknown"), known)).isEmpty();
            assertThat(registry.lookUp(subject("known"), record(unique("Other"), "a", "\"long\"")))
                    .isEmpty();
        }
    }

    @Test
    void aSchemaWhoseReferenceIsMissingIsRefusedWithTheReason() {
        SchemaText leg = new SchemaText(
                SchemaText.AVRO,
                record(unique("Lost"), "to", "\"io.firn.it.Nowhere\"").text(),
                List.of(new SchemaReference("io.firn.it.Nowhere", subject("nowhere"), 1)));
        try (SchemaRegistry registry = client()) {
            assertThatThrownBy(() -> registry.register(subject("lost"), leg))
                    .isInstanceOf(RegistryRefusedException.class)
                    .hasMessageContaining(subject("lost"));
        }
    }

    private static JsonNode json(SchemaText schema) throws JsonProcessingException {
        return JSON.readTree(schema.text());
    }
}
