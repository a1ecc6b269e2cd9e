package io.firn.connect.avro;

import io.firn.error.FirnException;
import io.firn.registry.AvroInput;
import io.firn.registry.RegistryUnavailableException;
import io.firn.registry.SchemaRegistry;
import io.firn.registry.SchemaText;
import io.firn.registry.SchemaVersion;
import io.firn.registry.WireFormat;
import io.firn.registry.WireSchemas;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.storage.Converter;
import org.jspecify.annotations.Nullable;

/**
 * A converter of Kafka Connect for Avro in Confluent's wire format (a byte 0, the schema's id in a registry, the data),
 * for workers without Confluent's own. Schemas are registered under {@code <topic>-key} and {@code <topic>-value}.
 *
 * <p>What another writer has written is read by its schema; a union of several types becomes a struct with a field for
 * each. Null without a schema stays null. Thread-safe.
 */
public final class FirnAvroConverter implements Converter {
    private static final int MAX_KEPT = 10_000;

    private final AvroOutput out = new AvroOutput();
    private final Map<String, BySchema<Writing>> bySubject = new HashMap<>();
    private final Map<Integer, Reading> byId = new HashMap<>();
    private @Nullable SchemaRegistry registry;
    private @Nullable WireSchemas written;
    private boolean isKey;
    private boolean registers;

    private record Writing(int id, ValueCodec codec) {}

    private record Reading(@Nullable Schema schema, ValueCodec codec) {}

    /** For Kafka Connect, which calls {@link #configure}. */
    public FirnAvroConverter() {}

    @Override
    public ConfigDef config() {
        return AvroConverterOptions.definition();
    }

    /**
     * Opens the registry; nothing is sent yet.
     *
     * @throws org.apache.kafka.common.config.ConfigException when a setting is wrong or no registry is named
     */
    @Override
    public synchronized void configure(Map<String, ?> configs, boolean isKey) {
        AbstractConfig config = AvroConverterOptions.parse(configs);
        this.isKey = isKey;
        this.registers = config.getBoolean(AvroConverterOptions.REGISTER);
        SchemaRegistry opened = AvroConverterOptions.open(configs);
        close();
        this.registry = opened;
        this.written = WireSchemas.of(opened);
    }

    @Override
    public synchronized byte @Nullable [] fromConnectData(
            String topic, @Nullable Schema schema, @Nullable Object value) {
        if (schema == null && value == null) {
            return null;
        }
        String subject = topic + (isKey ? "-key" : "-value");
        return registryCall("write for subject " + subject, () -> {
            Writing writing = writing(subject, schema);
            out.clear();
            out.writeByte(WireFormat.MAGIC);
            out.writeFixed(Integer.reverseBytes(writing.id()), Integer.BYTES);
            writing.codec().write(value, out);
            return out.toByteArray();
        });
    }

    @Override
    public synchronized SchemaAndValue toConnectData(String topic, byte @Nullable [] bytes) {
        if (bytes == null) {
            return SchemaAndValue.NULL;
        }
        if (!WireFormat.isFramed(bytes)) {
            throw new DataException("Cannot read the " + (isKey ? "key" : "value") + " of a record of topic " + topic
                    + ": expected a byte 0 and the id of a schema, found " + bytes.length
                    + " other bytes. They were written by another serializer; use the converter that belongs to it.");
        }
        return registryCall("read from topic " + topic, () -> {
            Reading reading = reading(WireFormat.id(bytes));
            AvroInput in = new AvroInput(bytes, WireFormat.HEADER_BYTES);
            Object value = reading.codec().read(in);
            in.requireEnd();
            return new SchemaAndValue(reading.schema(), value);
        });
    }

    private Writing writing(String subject, @Nullable Schema schema) {
        return bySubject
                .computeIfAbsent(subject, any -> new BySchema<>(each -> newWriting(subject, each)))
                .get(schema);
    }

    private Writing newWriting(String subject, @Nullable Schema schema) {
        org.apache.avro.Schema avro = SchemaToAvro.plain(schema);
        return new Writing(idOf(subject, SchemaText.avro(avro.toString())), Codecs.of(schema, avro));
    }

    private int idOf(String subject, SchemaText schema) {
        SchemaRegistry open = open();
        if (registers) {
            return open.register(subject, schema);
        }
        return open.lookUp(subject, schema)
                .map(SchemaVersion::id)
                .orElseThrow(() -> new DataException("The registry does not have this schema under subject " + subject
                        + ", and " + AvroConverterOptions.REGISTER + "=false: " + schema.text()));
    }

    private Reading reading(int id) {
        Reading known = byId.get(id);
        if (known == null) {
            known = read(id);
            if (byId.size() >= MAX_KEPT) {
                byId.clear();
            }
            byId.put(id, known);
        }
        return known;
    }

    private Reading read(int id) {
        WireSchemas schemas = written;
        if (schemas == null) {
            throw new IllegalStateException("configure comes first");
        }
        WireSchemas.Writer writer = schemas.byId(id);
        if (writer instanceof WireSchemas.Writer.Avro avro) {
            Schema schema = SchemaFromAvro.translate(avro.schema());
            return new Reading(schema, Codecs.of(schema, avro.schema()));
        }
        throw new DataException(
                writer instanceof WireSchemas.Writer.Unreadable unreadable
                        ? "it " + unreadable.reason()
                        : "its schema " + id + " is one of JSON, not of Avro");
    }

    private SchemaRegistry open() {
        SchemaRegistry open = registry;
        if (open == null) {
            throw new IllegalStateException("configure comes first");
        }
        return open;
    }

    private interface RegistryCall<T> {
        T run();
    }

    private static <T> T registryCall(String what, RegistryCall<T> call) {
        try {
            return call.run();
        } catch (RegistryUnavailableException later) {
            throw new RetriableException("Cannot " + what + ": " + later.getMessage(), later);
        } catch (DataException | AvroRuntimeException | FirnException refused) {
            throw new DataException("Cannot " + what + ": " + refused.getMessage(), refused);
        }
    }

    @Override
    public synchronized void close() {
        SchemaRegistry open = registry;
        registry = null;
        written = null;
        bySubject.clear();
        byId.clear();
        if (open != null) {
            open.close();
        }
    }
}
