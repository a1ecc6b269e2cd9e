package io.firn.series;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.firn.error.ConfigException;
import io.firn.error.FormatVersionException;
import io.firn.record.RecordView;
import io.firn.series.LabelMatcher.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The records of the manifest as JSON objects, docs/format/series.md; members that are not known are ignored.
 * Thread-safe: no state.
 */
final class ManifestCodec {
    /** Types of the records. */
    static final int CREATED = 1;

    static final int ADDED = 2;
    static final int DROPPED = 3;
    static final int DELETED = 4;

    private static final int VERSION = 1;
    private static final ObjectMapper JSON = new ObjectMapper();

    private ManifestCodec() {}

    static int typeOf(ManifestRecord record) {
        if (record instanceof ManifestRecord.Created) {
            return CREATED;
        }
        if (record instanceof ManifestRecord.Added) {
            return ADDED;
        }
        return record instanceof ManifestRecord.Dropped ? DROPPED : DELETED;
    }

    static byte[] encode(ManifestRecord record) {
        ObjectNode json = JSON.createObjectNode();
        if (record instanceof ManifestRecord.Created created) {
            json.put("version", VERSION).put("unit", created.unit().text());
        } else if (record instanceof ManifestRecord.Added added) {
            put(json, added.block());
            added.replaces().forEach(json.putArray("replaces")::add);
            put(json, added.consumed());
        } else if (record instanceof ManifestRecord.Dropped dropped) {
            dropped.blocks().forEach(json.putArray("blocks")::add);
            put(json, dropped.consumed());
        } else if (record instanceof ManifestRecord.Deleted deleted) {
            put(json, deleted.tombstone());
        }
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void put(ObjectNode json, BlockInfo block) {
        json.put("block", block.id())
                .put("order", block.order())
                .put("first_sequence", block.firstSequence())
                .put("index_sequence", block.indexSequence())
                .put("end_sequence", block.endSequence())
                .put("min_timestamp", block.minTimestamp())
                .put("max_timestamp", block.maxTimestamp())
                .put("samples", block.samples())
                .put("series", block.series())
                .put("chunks", block.chunks())
                .put("encoded_bytes", block.encodedBytes())
                .put("created_ms", block.createdMs())
                .put("encoding", block.encoding().name().toLowerCase(Locale.ROOT));
    }

    private static void put(ObjectNode json, Optional<Consumed> consumed) {
        consumed.ifPresent(some -> {
            json.put("consumed_generation", some.generation()).put("consumed_sequence", some.sequence());
            if (!some.marks().isEmpty()) {
                new TreeMap<>(some.marks()).forEach(json.putObject("marks")::put);
            }
        });
    }

    private static void put(ObjectNode json, Tombstone tombstone) {
        json.put("from", tombstone.range().from())
                .put("to", tombstone.range().to())
                .put("last_block", tombstone.lastBlock())
                .put("head_sequence", tombstone.headSequence());
        ArrayNode matchers = json.putArray("matchers");
        tombstone
                .matchers()
                .forEach(matcher -> matchers.addObject()
                        .put("name", matcher.name())
                        .put("kind", matcher.kind().name().toLowerCase(Locale.ROOT))
                        .put("value", matcher.value()));
    }

    /** Reads a record; damage names the table and the record. */
    static ManifestRecord decode(RecordView record, Path table) {
        RecordBytes bytes = new RecordBytes(record, table, 0);
        byte[] text = new byte[bytes.remaining()];
        bytes.slice(text.length).get(text);
        try {
            JsonNode json = JSON.readTree(text);
            return switch (record.typeId()) {
                case CREATED -> created(json, table);
                case ADDED -> new ManifestRecord.Added(block(json), longs(json.path("replaces")), consumed(json));
                case DROPPED -> new ManifestRecord.Dropped(longs(json.path("blocks")), consumed(json));
                case DELETED -> new ManifestRecord.Deleted(tombstone(json));
                default -> throw bytes.corrupt("unknown type " + record.typeId());
            };
        } catch (JsonProcessingException | IllegalArgumentException | ConfigException invalid) {
            throw bytes.corrupt("no record of a manifest: " + invalid.getMessage());
        } catch (IOException impossible) {
            throw bytes.corrupt("not readable: " + impossible.getMessage());
        }
    }

    private static ManifestRecord created(JsonNode json, Path table) {
        long version = number(json, "version");
        if (version > VERSION) {
            throw new FormatVersionException(
                    "The series store of " + table + " has version " + version + ", this program reads up to version "
                            + VERSION + "; use the program that wrote it or a newer one");
        }
        return new ManifestRecord.Created(TimestampUnit.parse(text(json, "unit")));
    }

    private static BlockInfo block(JsonNode json) {
        return new BlockInfo(
                number(json, "block"),
                number(json, "order"),
                number(json, "first_sequence"),
                number(json, "index_sequence"),
                number(json, "end_sequence"),
                number(json, "min_timestamp"),
                number(json, "max_timestamp"),
                number(json, "samples"),
                size(json, "series"),
                size(json, "chunks"),
                number(json, "encoded_bytes"),
                number(json, "created_ms"),
                encoding(json));
    }

    private static BlockEncoding encoding(JsonNode json) {
        return json.has("encoding")
                ? BlockEncoding.valueOf(text(json, "encoding").toUpperCase(Locale.ROOT))
                : BlockEncoding.CHUNKS;
    }

    private static Optional<Consumed> consumed(JsonNode json) {
        if (!json.has("consumed_sequence")) {
            return Optional.empty();
        }
        Map<String, Long> marks = new TreeMap<>();
        JsonNode stored = json.path("marks");
        stored.fieldNames().forEachRemaining(name -> marks.put(name, number(stored, name)));
        return Optional.of(new Consumed(number(json, "consumed_generation"), number(json, "consumed_sequence"), marks));
    }

    private static Tombstone tombstone(JsonNode json) {
        List<LabelMatcher> matchers = new ArrayList<>();
        for (JsonNode matcher : json.path("matchers")) {
            Kind kind = Kind.valueOf(text(matcher, "kind").toUpperCase(Locale.ROOT));
            matchers.add(LabelMatcher.of(text(matcher, "name"), kind, text(matcher, "value")));
        }
        return new Tombstone(
                matchers,
                new TimeRange(number(json, "from"), number(json, "to")),
                number(json, "last_block"),
                number(json, "head_sequence"));
    }

    private static List<Long> longs(JsonNode array) {
        List<Long> numbers = new ArrayList<>();
        array.forEach(number -> numbers.add(whole(number, "number of a block")));
        return numbers;
    }

    private static long number(JsonNode json, String name) {
        return whole(json.path(name), name);
    }

    private static long whole(JsonNode value, String name) {
        if (!value.canConvertToLong() || !value.isIntegralNumber()) {
            throw new IllegalArgumentException("'" + name + "' is " + value + ", not a whole number");
        }
        return value.asLong();
    }

    private static int size(JsonNode json, String name) {
        long size = number(json, name);
        if (size < 0 || size > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("'" + name + "' is " + size + ", which is no size");
        }
        return (int) size;
    }

    private static String text(JsonNode json, String name) {
        JsonNode value = json.path(name);
        if (!value.isTextual()) {
            throw new IllegalArgumentException("member '" + name + "' is " + value + ", not a text");
        }
        return value.asText();
    }
}
