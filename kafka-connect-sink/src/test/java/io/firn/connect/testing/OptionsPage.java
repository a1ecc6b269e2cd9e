package io.firn.connect.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;

/**
 * A page of the documentation that is made from the definition of a connector's options, a table for each group in the
 * order of the definition. Internal options are left out.
 *
 * <p>Immutable; thread-safe.
 *
 * @param path where the page lies
 * @param introduction what stands before the tables, with the title
 * @param definition the options
 * @param defaults texts of defaults that depend on the machine, by option
 */
public record OptionsPage(Path path, String introduction, ConfigDef definition, Map<String, String> defaults) {
    /** Copies the map. */
    public OptionsPage {
        defaults = Map.copyOf(defaults);
    }

    /** What stands on the page; with {@code -Dfirn.update.docs=true} it is first written anew. */
    public String onDisk() throws IOException {
        if (Boolean.getBoolean("firn.update.docs")) {
            Files.writeString(path, render());
        }
        return Files.readString(path);
    }

    /** What must stand on the page. */
    public String render() {
        StringBuilder page = new StringBuilder(introduction);
        definition.configKeys().values().stream()
                .filter(key -> !key.internalConfig)
                .map(key -> key.group)
                .distinct()
                .forEach(group -> appendGroup(page, group));
        return page.toString();
    }

    private void appendGroup(StringBuilder page, String group) {
        page.append("\n## ").append(group).append("\n\n| option | default | meaning |\n|---|---|---|\n");
        definition.configKeys().values().stream()
                .filter(key -> !key.internalConfig && key.group.equals(group))
                .forEach(key -> page.append("| `")
                        .append(key.name)
                        .append("` | ")
                        .append(defaultOf(key))
                        .append(" | ")
                        .append(key.documentation.replace("|", "\\|"))
                        .append(" |\n"));
    }

    private String defaultOf(ConfigDef.ConfigKey key) {
        if (defaults.containsKey(key.name)) {
            return defaults.get(key.name);
        }
        if (!key.hasDefault()) {
            return "required";
        }
        return key.defaultValue == null ? "" : "`" + text(key.defaultValue) + "`";
    }

    /** A list is shown as it is written. */
    private static String text(Object value) {
        return value instanceof List<?> list
                ? list.stream().map(Object::toString).collect(Collectors.joining(","))
                : value.toString();
    }
}
