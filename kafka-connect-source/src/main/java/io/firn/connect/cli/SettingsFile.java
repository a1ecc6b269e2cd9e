package io.firn.connect.cli;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.firn.cli.CliContext;
import io.firn.cli.UsageException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/** Settings in a file of the user's, in UTF-8. Thread-safe: no state. */
final class SettingsFile {
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    /** What Connect's REST interface calls the settings, when it shows them with the connector's name. */
    private static final String CONFIG = "config";

    private SettingsFile() {}

    /** Reads Java properties. */
    static Map<String, String> properties(CliContext context, Path file) throws IOException {
        return properties(text(context, file));
    }

    /**
     * Reads the configuration of a connector or worker: Java properties, or the JSON object that Connect's REST
     * interface has for a connector.
     *
     * @throws UsageException when it is neither
     */
    static Map<String, String> connect(CliContext context, Path file) throws IOException {
        String text = text(context, file);
        return text.stripLeading().startsWith("{") ? json(text, file) : properties(text);
    }

    private static String text(CliContext context, Path file) {
        return new String(context.readFile(file), StandardCharsets.UTF_8);
    }

    private static Map<String, String> properties(String text) throws IOException {
        Properties read = new Properties();
        read.load(new StringReader(text));
        Map<String, String> settings = new HashMap<>();
        read.stringPropertyNames().forEach(name -> settings.put(name, read.getProperty(name)));
        return settings;
    }

    private static Map<String, String> json(String text, Path file) {
        try {
            Map<?, ?> object = JsonMapper.builder().build().readValue(text, OBJECT);
            Map<String, String> settings = new HashMap<>();
            Map<?, ?> fields = object.get(CONFIG) instanceof Map<?, ?> inner ? inner : object;
            fields.forEach((name, value) -> {
                if (value != null) {
                    settings.put(String.valueOf(name), String.valueOf(value));
                }
            });
            return settings;
        } catch (JacksonException wrong) {
            throw new UsageException(
                    file + ": " + wrong.getOriginalMessage() + " in line "
                            + wrong.getLocation().getLineNr(),
                    wrong);
        }
    }
}
