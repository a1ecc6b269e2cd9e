package io.firn.connect.cli;

import java.util.Arrays;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.storage.Converter;
import org.apache.kafka.connect.storage.HeaderConverter;
import org.jspecify.annotations.Nullable;

/** How a part of a topic's records is converted. Confined to one thread. */
final class Conversion {
    private final String part;
    private final String converter;
    private final Writer writer;
    private final Reader reader;

    private interface Writer {
        byte @Nullable [] write(Headers headers, @Nullable Schema schema, @Nullable Object value);
    }

    private interface Reader {
        SchemaAndValue read(Headers headers, byte @Nullable [] bytes);
    }

    private Conversion(String part, Object converter, Writer writer, Reader reader) {
        this.part = part;
        this.converter = converter.getClass().getName();
        this.writer = writer;
        this.reader = reader;
    }

    /** That of keys or values. */
    static Conversion of(String part, String topic, Converter converter) {
        return new Conversion(
                part,
                converter,
                (headers, schema, value) -> converter.fromConnectData(topic, headers, schema, value),
                (headers, bytes) -> converter.toConnectData(topic, headers, bytes));
    }

    /** That of headers of a name. */
    static Conversion ofHeader(String name, String topic, HeaderConverter converter) {
        return new Conversion(
                "header '" + name + "'",
                converter,
                (headers, schema, value) -> converter.fromConnectHeader(topic, name, schema, value),
                (headers, bytes) -> converter.toConnectHeader(topic, name, bytes));
    }

    /** What is converted, as a message names it. */
    String part() {
        return part;
    }

    /**
     * Writes as a worker does.
     *
     * @param headers of the record so far, to which a converter may add some
     * @throws UncomparableException when the converter does not write it
     */
    byte @Nullable [] write(Headers headers, SchemaAndValue archived) throws UncomparableException {
        try {
            return writer.write(headers, archived.schema(), archived.value());
        } catch (LinkageError missing) {
            throw unusable(missing);
        } catch (RuntimeException refused) {
            throw uncomparable(
                    Shown.of(archived.value()) + " (schema: " + ConnectDifference.typeOf(archived.schema())
                            + ") cannot be written by",
                    refused);
        }
    }

    /**
     * How live bytes differ from those that the converter has written: not at all when it reads the same from both.
     *
     * @throws UncomparableException when the converter cannot be used, or not read what it has written
     */
    Optional<String> differenceFromWritten(
            byte @Nullable [] written, Headers itsHeaders, byte @Nullable [] live, Headers liveHeaders)
            throws UncomparableException {
        if (Arrays.equals(written, live)) {
            return Optional.empty();
        }
        SchemaAndValue expected;
        try {
            expected = reader.read(itsHeaders, written);
        } catch (LinkageError missing) {
            throw unusable(missing);
        } catch (RuntimeException refused) {
            throw uncomparable(Shown.of(written) + " is what it becomes, but cannot be read by", refused);
        }
        return differenceFrom(expected, live, liveHeaders);
    }

    /**
     * How what the converter reads from live bytes differs from what is expected.
     *
     * @throws UncomparableException when the converter cannot be used
     */
    Optional<String> differenceFrom(SchemaAndValue expected, byte @Nullable [] live, Headers liveHeaders)
            throws UncomparableException {
        try {
            return ConnectDifference.first(part, expected, reader.read(liveHeaders, live));
        } catch (LinkageError missing) {
            throw unusable(missing);
        } catch (RetriableException | org.apache.kafka.common.errors.RetriableException later) {
            throw uncomparable(Shown.of(live) + " in the topic cannot be read now by", later);
        } catch (RuntimeException refused) {
            return Optional.of(part + " " + Shown.of(live) + " of the topic cannot be read by " + converter + ": "
                    + reason(refused) + "; expected was " + Shown.of(expected.value()));
        }
    }

    private UncomparableException unusable(LinkageError missing) {
        return new UncomparableException(
                "its " + part + " needs " + converter + ": " + ConverterClass.missing(missing), missing);
    }

    private UncomparableException uncomparable(String what, RuntimeException cause) {
        return new UncomparableException(
                "its " + part + " " + what + " " + converter + ": " + reason(cause)
                        + ". Name the converter and the settings that the topic was written with in --converter-config",
                cause);
    }

    /** In one line, with what is at the bottom of it. */
    private static String reason(Throwable failed) {
        Throwable bottom = failed;
        while (bottom.getCause() != null && bottom.getCause() != bottom) {
            bottom = bottom.getCause();
        }
        String text = String.valueOf(failed.getMessage());
        if (bottom != failed && !text.contains(String.valueOf(bottom.getMessage()))) {
            text += ": " + bottom.getMessage();
        }
        return text.replaceAll("\\s+", " ");
    }
}
