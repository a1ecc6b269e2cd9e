package io.firn.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ConfigException;
import io.firn.error.NotFoundException;
import io.firn.registry.RegistryRefusedException;
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

class SchemaRemapTest {
    private static final SchemaText CITY = SchemaText.avro(
            "{\"type\":\"record\",\"name\":\"City\",\"namespace\":\"a\",\"fields\":[{\"name\":\"n\",\"type\":\"string\"}]}");
    private static final String LEG =
            "{\"type\":\"record\",\"name\":\"a.Leg\",\"fields\":[{\"name\":\"c\",\"type\":\"a.City\"}]}";

    private final StubRegistry stub = StubRegistry.start(500);
    private final SchemaRegistry target = SchemaRegistries.open(
                    Map.of("schema.registry.url", stub.url(), "schema.registry.max.retries", "0"))
            .orElseThrow();
    private final RegistrySchemas kept = new RegistrySchemas(new InMemoryFileStore(), Path.of("/schemas"));

    @BeforeEach
    void capture() {
        kept.keep(new CapturedSchema(3, CITY, List.of()));
        kept.keep(new CapturedSchema(
                9, new SchemaText("AVRO", LEG, List.of(new SchemaReference("a.City", "cities", 7))), List.of(3)));
        kept.keep(new CapturedSchema(11, SchemaText.avro("\"string\""), List.of()));
        kept.mark(9, RecordPart.VALUE);
        kept.mark(11, RecordPart.KEY);
    }

    @AfterEach
    void stop() {
        target.close();
        stub.close();
    }

    @Test
    void registersWhatIsReferredToFirstAndTheRestUnderTheTopic() {
        stub.register("cities", "\"int\"");

        Map<RecordPart, Map<Integer, Integer>> ids =
                new SchemaRemap(kept, target, SubjectNames.TOPIC).registerAll("legs");

        assertThat(stub.subjects()).containsExactly("cities", "legs-key", "legs-value");
        int key = only(ids, RecordPart.KEY);
        int value = only(ids, RecordPart.VALUE);
        assertThat(ids).isEqualTo(Map.of(RecordPart.KEY, Map.of(11, key), RecordPart.VALUE, Map.of(9, value)));
        assertThat(target.byId(key)).contains(SchemaText.avro("\"string\""));
        SchemaText leg = target.byId(value).orElseThrow();
        assertThat(leg.text()).isEqualTo(LEG);
        assertThat(leg.references()).containsExactly(new SchemaReference("a.City", "cities", 2));
        assertThat(target.version("cities", 2).orElseThrow().schema()).isEqualTo(CITY);
    }

    private static int only(Map<RecordPart, Map<Integer, Integer>> ids, RecordPart part) {
        return ids.getOrDefault(part, Map.of()).values().iterator().next();
    }

    @Test
    void registeringAgainGivesTheSameIds() {
        var first = new SchemaRemap(kept, target, SubjectNames.TOPIC).registerAll("legs");

        assertThat(new SchemaRemap(kept, target, SubjectNames.TOPIC).registerAll("legs"))
                .isEqualTo(first);
        assertThat(target.versions("legs-value")).containsExactly(1);
        assertThat(target.versions("cities")).containsExactly(1);
    }

    @Test
    void subjectsMayBeCalledAfterTheRecord() {
        assertThat(SubjectNames.RECORD.of("t", RecordPart.KEY, SchemaText.avro(LEG)))
                .isEqualTo("a.Leg");
        assertThat(SubjectNames.RECORD.of("t", RecordPart.KEY, CITY)).isEqualTo("a.City");
        assertThat(SubjectNames.TOPIC_RECORD.of("t", RecordPart.VALUE, CITY)).isEqualTo("t-a.City");
        assertThat(SubjectNames.TOPIC.of("t", RecordPart.VALUE, CITY)).isEqualTo("t-value");
        assertThatThrownBy(() -> SubjectNames.RECORD.of("t", RecordPart.KEY, SchemaText.avro("\"string\"")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("subject of the topic");
    }

    @Test
    void aTargetThatRefusesOrDoesNotAnswerIsToldApart() {
        stub.refuseNewSchemasOf("legs-value");
        assertThatThrownBy(() -> new SchemaRemap(kept, target, SubjectNames.TOPIC).registerAll("legs"))
                .isInstanceOf(RegistryRefusedException.class)
                .hasMessageContaining("legs-value");
        stub.down();
        assertThatThrownBy(() -> new SchemaRemap(kept, target, SubjectNames.TOPIC).registerAll("other"))
                .isInstanceOf(RegistryUnavailableException.class);
    }

    @Test
    void aSchemaThatIsNotKeptIsNamed() {
        kept.mark(77, RecordPart.VALUE);
        assertThatThrownBy(() -> new SchemaRemap(kept, target, SubjectNames.TOPIC).registerAll("legs"))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("id 77");
    }
}
