package io.firn.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A client of the Confluent REST protocol. Thread-safe.
 *
 * <p>Answers are read leniently: what other registries add is ignored, and what they leave out has a default.
 *
 * @see <a href="https://docs.confluent.io/platform/current/schema-registry/develop/api.html">The protocol</a>
 */
final class ConfluentRegistry implements SchemaRegistry {
    private static final int MAX_CACHED = 10_000;
    /** A follower of a registry may learn of an id only some time after a producer has used it. */
    private static final Duration UNKNOWN_FOR = Duration.ofSeconds(30);

    private final RegistryHttp http;
    private final Cache<Integer, SchemaText> byId =
            Caffeine.newBuilder().maximumSize(MAX_CACHED).build();
    private final Cache<Integer, Boolean> unknown = Caffeine.newBuilder()
            .maximumSize(MAX_CACHED)
            .expireAfterWrite(UNKNOWN_FOR)
            .build();
    private final Cache<Registered, Integer> ids =
            Caffeine.newBuilder().maximumSize(MAX_CACHED).build();

    private record Registered(String subject, SchemaText schema) {}

    private ConfluentRegistry(RegistryHttp http) {
        this.http = http;
    }

    static ConfluentRegistry open(RegistrySettings settings) {
        return new ConfluentRegistry(new RegistryHttp(settings, System::nanoTime));
    }

    @Override
    public Optional<SchemaText> byId(int id) {
        SchemaText known = byId.getIfPresent(id);
        if (known != null || unknown.getIfPresent(id) != null) {
            return Optional.ofNullable(known);
        }
        RegistryHttp.Answer answer = http.send("schemas/ids/" + id, null);
        if (RegistryErrors.isMissing(answer)) {
            unknown.put(id, true);
            return Optional.empty();
        }
        SchemaText schema = schema(require("read the schema of id " + id, answer));
        byId.put(id, schema);
        return Optional.of(schema);
    }

    @Override
    public int register(String subject, SchemaText schema) {
        Registered key = new Registered(subject, schema);
        Integer known = ids.getIfPresent(key);
        if (known != null) {
            return known;
        }
        String what = "register a schema under '" + subject + "'";
        RegistryHttp.Answer answer = http.send("subjects/" + encode(subject) + "/versions", body(schema));
        int id = number(what, require(what, answer), "id", answer);
        ids.put(key, id);
        return id;
    }

    @Override
    public Optional<SchemaVersion> lookUp(String subject, SchemaText schema) {
        RegistryHttp.Answer answer = http.send("subjects/" + encode(subject), body(schema));
        if (RegistryErrors.isMissing(answer)) {
            return Optional.empty();
        }
        String what = "look up a schema under '" + subject + "'";
        JsonNode found = require(what, answer);
        return Optional.of(new SchemaVersion(
                subject, number(what, found, "version", answer), number(what, found, "id", answer), schema));
    }

    @Override
    public List<Integer> versions(String subject) {
        RegistryHttp.Answer answer = http.send("subjects/" + encode(subject) + "/versions", null);
        if (RegistryErrors.isMissing(answer)) {
            return List.of();
        }
        List<Integer> versions = new ArrayList<>();
        require("list the versions of '" + subject + "'", answer).forEach(version -> versions.add(version.asInt()));
        return versions.stream().sorted().toList();
    }

    @Override
    public Optional<SchemaVersion> version(String subject, int version) {
        RegistryHttp.Answer answer = http.send("subjects/" + encode(subject) + "/versions/" + version, null);
        if (RegistryErrors.isMissing(answer)) {
            return Optional.empty();
        }
        String what = "read version " + version + " of '" + subject + "'";
        JsonNode found = require(what, answer);
        return Optional.of(new SchemaVersion(subject, version, number(what, found, "id", answer), schema(found)));
    }

    @Override
    public List<SubjectVersion> places(int id) {
        RegistryHttp.Answer answer = http.send("schemas/ids/" + id + "/versions", null);
        if (answer.status() == 404 || answer.status() == 405) {
            return List.of(); // the schema is not there, or an older registry that cannot tell
        }
        List<SubjectVersion> places = new ArrayList<>();
        for (JsonNode place : require("list the subjects of schema " + id, answer)) {
            if (place.path("subject").isTextual() && place.path("version").asInt() > 0) {
                places.add(new SubjectVersion(
                        place.path("subject").asText(), place.path("version").asInt()));
            }
        }
        return places;
    }

    @Override
    public void ping() {
        RegistryHttp.Answer answer = http.send("schemas/types", null);
        if (answer.status() == 404) {
            answer = http.send("subjects", null); // before the protocol had types
        }
        require("answer", answer);
    }

    @Override
    public void close() {
        http.close();
    }

    private static JsonNode require(String what, RegistryHttp.Answer answer) {
        if (!answer.isOk()) {
            throw RegistryErrors.refused(what, answer);
        }
        return answer.body();
    }

    private static int number(String what, JsonNode found, String name, RegistryHttp.Answer answer) {
        JsonNode value = found.path(name);
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw new RegistryRefusedException(
                    "The schema registry did not " + what + ": its answer to " + answer.request() + " has no '" + name
                            + "', but is " + found,
                    answer.status(),
                    answer.status());
        }
        return value.asInt();
    }

    private static SchemaText schema(JsonNode found) {
        List<SchemaReference> references = new ArrayList<>();
        for (JsonNode reference : found.path("references")) {
            references.add(new SchemaReference(
                    reference.path("name").asText(),
                    reference.path("subject").asText(),
                    reference.path("version").asInt()));
        }
        return new SchemaText(
                found.path("schemaType").asText(""), found.path("schema").asText(), references);
    }

    private static ObjectNode body(SchemaText schema) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("schema", schema.text());
        if (!schema.type().equals(SchemaText.AVRO)) {
            body.put("schemaType", schema.type());
        }
        if (!schema.references().isEmpty()) {
            ArrayNode references = body.putArray("references");
            for (SchemaReference reference : schema.references()) {
                references
                        .addObject()
                        .put("name", reference.name())
                        .put("subject", reference.subject())
                        .put("version", reference.version());
            }
        }
        return body;
    }

    private static String encode(String subject) {
        return URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
