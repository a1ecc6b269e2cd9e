package io.firn.connect.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The page about replays shows every control, in examples that the connector accepts. */
class ReplayPageTest {
    private static final Pattern BLOCK = Pattern.compile("```properties\n(.*?)```", Pattern.DOTALL);
    private static final String CONVERTER = "org.apache.kafka.connect.converters.ByteArrayConverter";

    static List<Map<String, String>> examples() throws IOException {
        List<Map<String, String>> examples = new ArrayList<>();
        Matcher blocks = BLOCK.matcher(page());
        while (blocks.find()) {
            Properties block = new Properties();
            block.load(new StringReader(blocks.group(1)));
            Map<String, String> config = new HashMap<>();
            block.forEach((name, value) -> config.put(name.toString(), value.toString()));
            examples.add(config);
        }
        return examples;
    }

    @ParameterizedTest
    @MethodSource("examples")
    void isAcceptedByTheConnector(Map<String, String> example) {
        Map<String, String> config = new HashMap<>(example);
        config.put("firn.path", "/data/firn");
        List.of("key", "value", "header").forEach(part -> config.put(part + ".converter", CONVERTER));

        List<ConfigValue> values = new FirnSourceConnector().validate(config).configValues();

        assertThat(example.keySet())
                .allMatch(name ->
                        FirnSourceConfig.DEFINITION.names().contains(name) || name.startsWith(CreationOptions.SETTING));
        assertThat(values)
                .allSatisfy(value ->
                        assertThat(value.errorMessages()).as(value.name()).isEmpty());
    }

    @Test
    void namesEveryControl() throws IOException {
        String page = page();

        assertThat(FirnSourceConfig.DEFINITION.names().stream()
                        .filter(name -> name.startsWith("restore.partition")
                                || name.startsWith("restore.create")
                                || name.startsWith("restore.offsets")
                                || name.startsWith("restore.topic")
                                || name.startsWith("replay.")))
                .allMatch(page::contains);
    }

    private static String page() throws IOException {
        return Files.readString(Path.of("..", "docs", "replay.md"));
    }
}
