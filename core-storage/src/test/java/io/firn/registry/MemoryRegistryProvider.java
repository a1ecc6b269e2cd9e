package io.firn.registry;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a user's own provider looks like: id 7 is a string, and nothing else is there. */
public final class MemoryRegistryProvider implements SchemaRegistryProvider {
    @Override
    public String name() {
        return "test-memory";
    }

    @Override
    public SchemaRegistry open(Map<String, String> settings) {
        return new OneSchema();
    }

    private static final class OneSchema implements SchemaRegistry {
        @Override
        public Optional<SchemaText> byId(int id) {
            return id == 7 ? Optional.of(SchemaText.avro("\"string\"")) : Optional.empty();
        }

        @Override
        public int register(String subject, SchemaText schema) {
            throw new RegistryRefusedException("only for reading", 422, 42205);
        }

        @Override
        public Optional<SchemaVersion> lookUp(String subject, SchemaText schema) {
            return Optional.empty();
        }

        @Override
        public List<Integer> versions(String subject) {
            return List.of();
        }

        @Override
        public Optional<SchemaVersion> version(String subject, int version) {
            return Optional.empty();
        }

        @Override
        public List<SubjectVersion> places(int id) {
            return List.of();
        }

        @Override
        public void ping() {}

        @Override
        public void close() {}
    }
}
