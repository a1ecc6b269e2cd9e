package io.firn.connect.cli;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.storage.Converter;
import org.jspecify.annotations.Nullable;

/** Converters of texts with habits that real ones have. Thread-safe. */
public final class OddConverters {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SALT_BYTES = 8;

    private OddConverters() {}

    private static byte[] bytes(Object value) {
        return String.valueOf(value).getBytes(StandardCharsets.UTF_8);
    }

    private static SchemaAndValue text(byte[] bytes, int from) {
        return new SchemaAndValue(
                Schema.STRING_SCHEMA, new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8));
    }

    /** Writes other bytes each time, as one that encrypts does. */
    public static final class Salted implements Converter {
        @Override
        public void configure(Map<String, ?> configs, boolean isKey) {}

        @Override
        public byte[] fromConnectData(String topic, Schema schema, Object value) {
            byte[] text = bytes(value);
            byte[] salted = new byte[SALT_BYTES];
            RANDOM.nextBytes(salted);
            salted = Arrays.copyOf(salted, SALT_BYTES + text.length);
            System.arraycopy(text, 0, salted, SALT_BYTES, text.length);
            return salted;
        }

        @Override
        public SchemaAndValue toConnectData(String topic, byte[] value) {
            return text(value, SALT_BYTES);
        }
    }

    /** Says in a header what it has written, and reads nothing without it. */
    public static final class Tagging implements Converter {
        static final String HEADER = "length";

        @Override
        public void configure(Map<String, ?> configs, boolean isKey) {}

        @Override
        public byte[] fromConnectData(String topic, Schema schema, Object value) {
            throw new UnsupportedOperationException("headers are needed");
        }

        @Override
        public byte[] fromConnectData(String topic, Headers headers, Schema schema, Object value) {
            byte[] text = bytes(value);
            headers.add(HEADER, bytes(text.length));
            return text;
        }

        @Override
        public SchemaAndValue toConnectData(String topic, byte[] value) {
            throw new UnsupportedOperationException("headers are needed");
        }

        @Override
        public SchemaAndValue toConnectData(String topic, Headers headers, byte[] value) {
            if (headers.lastHeader(HEADER) == null) {
                throw new IllegalArgumentException("no header");
            }
            return text(value, 0);
        }
    }

    /** Needs something that does not answer now. */
    public static final class Unavailable implements Converter {
        @Override
        public void configure(Map<String, ?> configs, boolean isKey) {}

        @Override
        public byte @Nullable [] fromConnectData(String topic, Schema schema, Object value) {
            return new byte[0];
        }

        @Override
        public SchemaAndValue toConnectData(String topic, byte @Nullable [] value) {
            if (value == null || value.length > 0) {
                throw new RetriableException("the key server does not answer");
            }
            return SchemaAndValue.NULL;
        }
    }

    /** Writes the bytes of the text. */
    private abstract static class Plain implements Converter {
        @Override
        public void configure(Map<String, ?> configs, boolean isKey) {}

        @Override
        public byte[] fromConnectData(String topic, Schema schema, Object value) {
            return bytes(value);
        }

        @Override
        public SchemaAndValue toConnectData(String topic, byte[] value) {
            return text(value, 0);
        }
    }

    /** Does not check its settings, and holds something that a close gives back. */
    public static final class Careless extends Plain {
        private static final AtomicInteger OPEN = new AtomicInteger();

        /** Holds something from here on. */
        public Careless() {
            OPEN.incrementAndGet();
        }

        /** How many of them nobody has closed. */
        static int open() {
            return OPEN.get();
        }

        @Override
        public void close() {
            OPEN.decrementAndGet();
        }

        @Override
        public void configure(Map<String, ?> configs, boolean isKey) {
            throw new IllegalStateException("no secret at " + configs.get("secret"));
        }
    }

    /** Has not got all its jars. */
    public static final class Incomplete extends Plain {
        /** Fails as a class does whose library is missing. */
        public Incomplete() {
            throw new NoClassDefFoundError("org/acme/Library");
        }
    }
}
