package io.firn.connect.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.connect.runtime.SourceConnectorConfig;
import org.junit.jupiter.api.Test;

/** The configuration that the README shows is one that works. */
class ReadmeTest {

    @Test
    void theSourceOfTheReadmeIsValid() throws IOException {
        String readme = Files.readString(Path.of("..", "README.md"));
        int start = readme.indexOf("```properties\nname=restore\n");
        Properties block = new Properties();
        block.load(new StringReader(readme.substring(readme.indexOf('\n', start), readme.indexOf("```", start + 3))));
        Map<String, String> config = new HashMap<>();
        block.forEach((name, value) -> config.put(name.toString(), value.toString()));

        assertThat(new FirnSourceConfig(config).getList(FirnSourceConfig.TOPICS))
                .containsExactly("flights");
        Set<String> framework = SourceConnectorConfig.configDef().names();
        assertThat(config.keySet())
                .allMatch(name -> framework.contains(name)
                        || FirnSourceConfig.DEFINITION.names().contains(name));
        assertThat(config).containsEntry("connector.class", "io.firn.connect.source.FirnSourceConnector");
    }
}
