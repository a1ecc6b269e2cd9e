package io.firn.examples.drill;

import io.firn.registry.SchemaReference;
import io.firn.registry.SchemaRegistry;
import io.firn.registry.SchemaText;
import io.firn.registry.WireFormat;
import io.firn.registry.WireSchemas;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;

/**
 * The values of the orders as applications write and read them: Avro in Confluent's wire format. Their schema refers to
 * that of a customer, and a later version of it has one more field.
 *
 * <p>Confined to one thread.
 */
final class OrderSchemas {
    private static final String CUSTOMER = """
            {"type":"record","name":"io.acme.Customer","fields":[\
            {"name":"name","type":"string"},{"name":"country","type":["null","string"],"default":null}]}""";
    private static final String FIRST = """
            {"type":"record","name":"io.acme.Order","fields":[\
            {"name":"id","type":"long"},{"name":"customer","type":"io.acme.Customer"}]}""";
    private static final String SECOND = """
            {"type":"record","name":"io.acme.Order","fields":[\
            {"name":"id","type":"long"},{"name":"customer","type":"io.acme.Customer"},\
            {"name":"discount","type":["null","long","string"],"default":null}]}""";
    private static final String CUSTOMER_SUBJECT = "io.acme.Customer";

    private final SchemaRegistry registry;
    private final String subject;
    private final WireSchemas written;
    private final Map<String, Integer> ids = new HashMap<>();

    /**
     * Makes values whose schemas are registered for a topic; nothing is sent yet.
     *
     * @param registry stays the caller's to close
     */
    OrderSchemas(SchemaRegistry registry, String topic) {
        this.registry = registry;
        this.subject = topic + "-value";
        this.written = WireSchemas.of(registry);
    }

    /** A value; the schema has a discount or is the first version, which knows none. */
    byte[] encode(long id, boolean hasDiscount) {
        Schema.Parser parser = new Schema.Parser();
        Schema customer = parser.parse(CUSTOMER);
        String text = hasDiscount ? SECOND : FIRST;
        Schema schema = parser.parse(text);
        GenericData.Record who = new GenericData.Record(customer);
        who.put("name", "customer " + id % 7);
        who.put("country", id % 3 == 0 ? null : "AT");
        GenericData.Record order = new GenericData.Record(schema);
        order.put("id", id);
        order.put("customer", who);
        if (hasDiscount) {
            order.put("discount", id % 2 == 0 ? (Object) id : "a tenth of " + id);
        }
        return framed(ids.computeIfAbsent(text, this::register), order);
    }

    /** Registers a schema of an order, and first the one that it refers to. */
    private int register(String text) {
        SchemaText customer = SchemaText.avro(CUSTOMER);
        registry.register(CUSTOMER_SUBJECT, customer);
        int version = registry.lookUp(CUSTOMER_SUBJECT, customer).orElseThrow().version();
        SchemaReference reference = new SchemaReference("io.acme.Customer", CUSTOMER_SUBJECT, version);
        return registry.register(subject, new SchemaText(SchemaText.AVRO, text, List.of(reference)));
    }

    private static byte[] framed(int id, GenericData.Record value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            out.write(WireFormat.MAGIC);
            out.write(ByteBuffer.allocate(Integer.BYTES).putInt(id).array());
            BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
            new GenericDatumWriter<GenericData.Record>(value.getSchema()).write(value, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** A value as text, read by the schema that this registry has for the id in its bytes. */
    String decode(byte[] value) {
        WireSchemas.Writer writer = written.byId(WireFormat.id(value));
        if (!(writer instanceof WireSchemas.Writer.Avro avro)) {
            throw new IllegalStateException("no Avro schema for id " + WireFormat.id(value) + ": " + writer);
        }
        int start = WireFormat.HEADER_BYTES;
        try {
            return new GenericDatumReader<>(avro.schema())
                    .read(null, DecoderFactory.get().binaryDecoder(value, start, value.length - start, null))
                    .toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
