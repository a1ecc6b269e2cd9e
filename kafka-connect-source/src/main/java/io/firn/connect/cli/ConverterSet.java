package io.firn.connect.cli;

import io.firn.cli.UsageException;
import io.firn.task.OpenParts;
import java.io.Closeable;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.storage.Converter;
import org.apache.kafka.connect.storage.ConverterConfig;
import org.apache.kafka.connect.storage.ConverterType;
import org.apache.kafka.connect.storage.HeaderConverter;
import org.apache.kafka.connect.storage.SimpleHeaderConverter;

/** The converters of a topic, opened as a Connect worker opens them. Confined to one thread. */
final class ConverterSet implements AutoCloseable {
    private static final String KEY = "key.converter";
    private static final String VALUE = "value.converter";
    private static final String HEADER = "header.converter";

    /** Looking at a topic registers nothing. */
    private static final Map<String, String> READ_ONLY = Map.of("auto.register.schemas", "false");

    private final String topic;
    private final Conversion key;
    private final Conversion value;
    private final HeaderConverter headers;
    private final OpenParts opened;

    private ConverterSet(String topic, Converter key, Converter value, HeaderConverter headers, OpenParts opened) {
        this.topic = topic;
        this.key = Conversion.of("key", topic, key);
        this.value = Conversion.of("value", topic, value);
        this.headers = headers;
        this.opened = opened;
    }

    /**
     * Opens what a configuration names: {@code key.converter}, {@code value.converter} and {@code header.converter}
     * with their settings behind a dot; others are ignored, and headers without a converter have Connect's default.
     *
     * @param origin where the configuration is from, for messages
     * @throws UsageException when a converter is missing, cannot be loaded or refuses its settings
     */
    static ConverterSet open(String origin, Map<String, String> config, String topic) {
        OpenParts opened = new OpenParts();
        try {
            Map<String, Object> settings = resolved(config);
            settings.putIfAbsent(HEADER, SimpleHeaderConverter.class.getName());
            return new ConverterSet(
                    topic,
                    open(opened, Converter.class, KEY, settings, (made, its) -> made.configure(its, true)),
                    open(opened, Converter.class, VALUE, settings, (made, its) -> made.configure(its, false)),
                    open(opened, HeaderConverter.class, HEADER, settings, ConverterSet::configure),
                    opened);
        } catch (UsageException | KafkaException wrong) {
            UsageException refused = new UsageException(origin + ": " + wrong.getMessage(), wrong);
            opened.closeAfter(refused);
            throw refused;
        }
    }

    /** The settings with the values of their variables, where they name {@code config.providers}. */
    private static Map<String, Object> resolved(Map<String, String> settings) {
        return new AbstractConfig(new ConfigDef(), settings, settings, false).originals();
    }

    private static void configure(HeaderConverter converter, Map<String, Object> settings) {
        settings.put(ConverterConfig.TYPE_CONFIG, ConverterType.HEADER.getName());
        converter.configure(settings);
    }

    private static <T extends Closeable> T open(
            OpenParts opened,
            Class<T> type,
            String setting,
            Map<String, Object> settings,
            BiConsumer<T, Map<String, Object>> configure) {
        Object name = settings.get(setting);
        if (name == null) {
            throw new UsageException("'" + setting + "' is not set; name the converter that the topic was written with."
                    + " What the connector does not name is in the configuration of its worker");
        }
        try {
            T made = opened.keep(ConverterClass.create(type, name.toString().trim()));
            Map<String, Object> its = new HashMap<>();
            settings.forEach((key, value) -> {
                if (key.startsWith(setting + ".")) {
                    its.put(key.substring(setting.length() + 1), value);
                }
            });
            its.putAll(READ_ONLY);
            configure.accept(made, its);
            return made;
        } catch (UsageException | KafkaException wrong) {
            throw new UsageException(setting + "=" + name + ": " + wrong.getMessage(), wrong);
        } catch (RuntimeException failed) {
            throw new UsageException(setting + "=" + name + " refuses its settings: " + failed, failed);
        } catch (LinkageError missing) {
            throw new UsageException(setting + "=" + name + ": " + ConverterClass.missing(missing), missing);
        }
    }

    Conversion key() {
        return key;
    }

    Conversion value() {
        return value;
    }

    Conversion header(String name) {
        return Conversion.ofHeader(name, topic, headers);
    }

    @Override
    public void close() {
        opened.close();
    }
}
