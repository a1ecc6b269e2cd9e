package io.firn.connect.source;

import io.firn.error.ConfigException;
import io.firn.registry.SchemaRegistries;
import io.firn.registry.SchemaRegistry;
import io.firn.registry.WireFormat;
import io.firn.schema.RecordPart;
import io.firn.schema.SchemaRemap;
import io.firn.table.Table;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the ids of the target registry into the keys and values of records.
 *
 * <p>Confined to one thread at a time.
 */
final class SchemaIds implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SchemaIds.class);
    private final @Nullable SchemaRegistry registry;
    private final Map<String, SchemaRemap> byTable = new HashMap<>();
    private final boolean keepUnknown;
    private final Map<Place, Ids> known = new HashMap<>();
    private long batches;

    /** The records of a table that go to a topic. */
    private record Place(String tableId, String topic) {}

    /** What is known of a place. */
    private static final class Ids {
        private Map<RecordPart, Map<Integer, Integer>> ids;
        /** The batch for which the archive was looked at last. */
        private long lookedFor;

        Ids(Map<RecordPart, Map<Integer, Integer>> ids, long lookedFor) {
            this.ids = ids;
            this.lookedFor = lookedFor;
        }
    }

    private SchemaIds(@Nullable SchemaRegistry registry, boolean keepUnknown) {
        this.registry = registry;
        this.keepUnknown = keepUnknown;
    }

    /** Prepares what the configuration wants; nothing is sent yet. */
    static SchemaIds open(FirnSourceConfig config, Collection<Table> tables) {
        if (RemapOptions.remap(config) == RemapOptions.Remap.OFF) {
            return new SchemaIds(null, true);
        }
        String problem = RemapOptions.problem(config);
        Optional<SchemaRegistry> registry =
                problem.isEmpty() ? SchemaRegistries.open(config.originalsStrings()) : Optional.empty();
        SchemaRegistry target = registry.orElseThrow(() -> new ConfigException(problem));
        SchemaIds ids = new SchemaIds(target, RemapOptions.unknown(config) == RemapOptions.Unknown.KEEP);
        for (Table table : tables) {
            ids.byTable.put(
                    table.id().toString(),
                    new SchemaRemap(table.registrySchemas(), target, RemapOptions.subjects(config)));
        }
        return ids;
    }

    /** Whether ids are changed at all. */
    boolean isActive() {
        return registry != null;
    }

    /** Returns when the target registry answers. */
    void ping() {
        if (registry != null) {
            registry.ping();
        }
    }

    /**
     * Registers the schemas of a table's records for a topic.
     *
     * @return how many ids there are in keys and values
     */
    int register(String tableId, String topic) {
        return ids(new Place(tableId, topic)).ids.values().stream()
                .mapToInt(Map::size)
                .sum();
    }

    /**
     * Changes the ids of records; either in all of them or, when it throws, in none, so that the same records may be
     * handed over again.
     *
     * @throws io.firn.registry.RegistryUnavailableException when a schema must be registered and nobody answers
     * @throws DataException when the archive does not keep the schema of an id
     */
    void rewrite(List<SourceRecord> records) {
        if (registry == null) {
            return;
        }
        batches++;
        int[] keys = new int[records.size()];
        int[] values = new int[records.size()];
        for (int i = 0; i < keys.length; i++) {
            SourceRecord record = records.get(i);
            keys[i] = idFor(record, RecordPart.KEY, record.key());
            values[i] = idFor(record, RecordPart.VALUE, record.value());
        }
        for (int i = 0; i < keys.length; i++) {
            write(records.get(i).key(), keys[i]);
            write(records.get(i).value(), values[i]);
        }
    }

    private static void write(@Nullable Object content, int id) {
        if (id > 0 && content instanceof byte[] bytes) {
            WireFormat.setId(bytes, id);
        }
    }

    /** The id to write; 0 to leave the bytes alone. */
    private int idFor(SourceRecord record, RecordPart part, @Nullable Object content) {
        if (!(content instanceof byte[] bytes) || !WireFormat.isFramed(bytes)) {
            return 0;
        }
        int archived = WireFormat.id(bytes);
        Place place = new Place(String.valueOf(record.sourcePartition().get(SourceOffset.TABLE)), record.topic());
        Ids ids = ids(place);
        Integer target = ids.ids.getOrDefault(part, Map.of()).get(archived);
        if (target == null && ids.lookedFor != batches) {
            lookAgain(place, ids);
            target = ids.ids.getOrDefault(part, Map.of()).get(archived);
        }
        return target == null ? unknown(record, part, archived, ids) : target;
    }

    /**
     * An archive that is still written may know more by now. Once for a batch is enough: a schema is durable before the
     * first record that refers to it, and these records have been read.
     */
    private void lookAgain(Place place, Ids ids) {
        Map<RecordPart, Map<Integer, Integer>> now = registerAll(place);
        if (!now.equals(ids.ids)) {
            LOG.info("more schemas are registered: topic={} ids={}", place.topic(), now);
        }
        ids.ids = now;
        ids.lookedFor = batches;
    }

    private int unknown(SourceRecord record, RecordPart part, int id, Ids ids) {
        boolean others = !ids.ids.getOrDefault(part, Map.of()).isEmpty();
        if (others && !keepUnknown) {
            throw new DataException("The " + part.text() + " of a record for topic " + record.topic()
                    + " carries schema id " + id + ", which the archive does not keep (source partition "
                    + record.sourcePartition() + ", offset behind it " + record.sourceOffset()
                    + "). Its id would mean another schema there. Set " + RemapOptions.UNKNOWN
                    + "=keep to replay such bytes as they are, or " + RemapOptions.REMAP + "=off.");
        }
        return 0;
    }

    private Ids ids(Place place) {
        Ids present = known.get(place);
        if (present == null) {
            present = new Ids(registerAll(place), batches);
            known.put(place, present);
            LOG.info("schemas are registered: topic={} ids={}", place.topic(), present.ids);
        }
        return present;
    }

    private Map<RecordPart, Map<Integer, Integer>> registerAll(Place place) {
        SchemaRemap remap = byTable.get(place.tableId());
        if (remap == null) {
            throw new IllegalStateException("table " + place.tableId() + " of a record is not open");
        }
        return remap.registerAll(place.topic());
    }

    @Override
    public void close() {
        if (registry != null) {
            registry.close();
        }
    }
}
