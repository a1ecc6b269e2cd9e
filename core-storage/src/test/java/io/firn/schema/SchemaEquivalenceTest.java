package io.firn.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.registry.RegistryUnavailableException;
import io.firn.registry.SchemaReference;
import io.firn.registry.SchemaRegistries;
import io.firn.registry.SchemaRegistry;
import io.firn.registry.SchemaText;
import io.firn.testing.InMemoryFileStore;
import io.firn.testing.StubRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SchemaEquivalenceTest {
    private static final String CITY = "{\"type\":\"record\",\"name\":\"a.City\",\"fields\":[]}";
    private static final String LEG =
            "{\"type\":\"record\",\"name\":\"a.Leg\",\"fields\":[{\"name\":\"c\",\"type\":\"a.City\"}]}";

    private final StubRegistry stub = StubRegistry.start(500);
    private final SchemaRegistry target = SchemaRegistries.open(
                    Map.of("schema.registry.url", stub.url(), "schema.registry.max.retries", "0"))
            .orElseThrow();
    private final RegistrySchemas kept = new RegistrySchemas(new InMemoryFileStore(), Path.of("/schemas"));

    @BeforeEach
    void capture() {
        kept.keep(new CapturedSchema(3, SchemaText.avro(CITY), List.of()));
        kept.keep(new CapturedSchema(9, leg(new SchemaReference("a.City", "cities", 7)), List.of(3)));
        kept.keep(new CapturedSchema(11, SchemaText.avro("\"string\""), List.of()));
        kept.keep(new CapturedSchema(12, new SchemaText("PROTOBUF", "syntax", List.of()), List.of()));
        kept.mark(9, RecordPart.VALUE);
        kept.mark(11, RecordPart.KEY);
    }

    @AfterEach
    void stop() {
        target.close();
        stub.close();
    }

    private SchemaEquivalence equivalence() {
        return new SchemaEquivalence(kept, target);
    }

    private static SchemaText leg(SchemaReference... references) {
        return new SchemaText("AVRO", LEG, List.of(references));
    }

    @Test
    void whatARemapRegistersIsTheSame() {
        stub.register("cities", "\"int\"");
        Map<RecordPart, Map<Integer, Integer>> ids =
                new SchemaRemap(kept, target, SubjectNames.TOPIC).registerAll("legs");
        int before = stub.requests().size();

        ids.forEach((part, byArchived) -> byArchived.forEach((archived, live) -> {
            assertThat(equivalence().isCarried(part, archived)).isTrue();
            assertThat(equivalence().isSame(archived, live)).isTrue();
            assertThat(archived).isNotEqualTo(live);
        }));

        assertThat(ids.get(RecordPart.VALUE)).containsOnlyKeys(9);
        assertThat(stub.requests().subList(before, stub.requests().size()))
                .as("it only asks")
                .allMatch(request -> request.startsWith("GET "));
    }

    @Test
    void anotherSchemaIsNotTheSame() {
        int number = stub.register("t-value", "\"int\"");
        int text = stub.register("t-value", "\"string\"");
        SchemaEquivalence equivalence = equivalence();
        assertThat(equivalence.isSame(11, text)).isTrue();
        assertThat(equivalence.isSame(11, number)).isFalse();
        assertThat(equivalence.isSame(11, 11)).as("an id that nobody knows").isFalse();
        assertThat(equivalence.isSame(77, text)).as("an id that is not kept").isFalse();
        assertThat(equivalence.isSame(11, 0)).isFalse();
        int json = target.register("t-value", new SchemaText("JSON", "\"string\"", List.of()));
        assertThat(equivalence.isSame(11, json)).as("another type").isFalse();
    }

    @Test
    void whatIsReferredToMustBeTheSameByItsContent() {
        stub.register("other-cities", "\"int\"");
        stub.register("other-cities", CITY);
        int right = target.register("legs", leg(new SchemaReference("a.City", "other-cities", 2)));
        int wrong = target.register("legs", leg(new SchemaReference("a.City", "other-cities", 1)));
        int renamed = target.register("legs", leg(new SchemaReference("b.City", "other-cities", 2)));
        int none = target.register("legs", leg());
        int more = target.register(
                "legs",
                leg(
                        new SchemaReference("a.City", "other-cities", 2),
                        new SchemaReference("b.City", "other-cities", 1)));
        assertThat(equivalence().isSame(9, right)).isTrue();
        assertThat(List.of(wrong, renamed, none, more))
                .noneMatch(id -> equivalence().isSame(9, id));
    }

    @Test
    void aReferenceThatManySchemasShareIsAskedForOnce() {
        SchemaReference city = new SchemaReference("a.City", "cities", 1);
        stub.register("cities", CITY);
        int legs = target.register("legs", leg(city));
        int tours = target.register("tours", new SchemaText("AVRO", LEG.replace("Leg", "Tour"), List.of(city)));
        kept.keep(
                new CapturedSchema(21, new SchemaText("AVRO", LEG.replace("Leg", "Tour"), List.of(city)), List.of(3)));
        int before = stub.requests().size();
        SchemaEquivalence equivalence = equivalence();
        assertThat(equivalence.isSame(9, legs)).isTrue();
        assertThat(equivalence.isSame(21, tours)).isTrue();
        assertThat(stub.requests().subList(before, stub.requests().size()))
                .filteredOn(request -> request.contains("/subjects/cities/versions/1"))
                .hasSize(1);
    }

    @Test
    void whiteSpaceOfJsonMeansNothingAndThatOfOthersDoes() {
        int spaced = stub.register("t", CITY.replace(",", " ,\n  "));
        int protobuf = target.register("p", new SchemaText("PROTOBUF", "syntax ", List.of()));
        assertThat(equivalence().isSame(3, spaced)).isTrue();
        assertThat(equivalence().isSame(12, protobuf)).isFalse();
        assertThat(equivalence().isSame(3, stub.register("t", "no json"))).isFalse();
    }

    @Test
    void onlyIdsThatWereMetThereAreCarried() {
        assertThat(equivalence().isCarried(RecordPart.VALUE, 9)).isTrue();
        assertThat(equivalence().isCarried(RecordPart.KEY, 9)).isFalse();
        assertThat(equivalence().isCarried(RecordPart.VALUE, 3)).isFalse();
    }

    @Test
    void aRegistryThatDoesNotAnswerIsNoAnswer() {
        SchemaEquivalence equivalence = equivalence();
        int text = stub.register("t-value", "\"string\"");
        stub.down();
        assertThatThrownBy(() -> equivalence.isSame(11, text)).isInstanceOf(RegistryUnavailableException.class);
        stub.up();
        assertThat(equivalence.isSame(11, text)).isTrue();
    }
}
