package io.firn.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ConfigException;
import io.firn.testing.SchemaRegistryContract;
import io.firn.testing.StubRegistry;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The adapter of Confluent's client, tried with the copy of that client that Flink's connector has relocated. */
class ConfluentClientRegistryTest extends SchemaRegistryContract {
    private static final String RELOCATED =
            "org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry";

    private final StubRegistry stub = StubRegistry.start(1);

    @AfterEach
    void stop() {
        stub.close();
    }

    @Override
    protected SchemaRegistry client() {
        return client(stub.url());
    }

    private static SchemaRegistry client(String url, String... settings) {
        Map<String, String> all = new HashMap<>(Map.of("schema.registry.url", url));
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        return ConfluentClientRegistry.open(all, RELOCATED);
    }

    @Test
    void settingsReachTheClient() {
        stub.requireAuthorization("Basic dTpw");
        try (SchemaRegistry byUrl = client(stub.url().replace("//", "//u:p@"));
                SchemaRegistry bySetting = client(
                        stub.url(), "basic.auth.credentials.source", "USER_INFO", "basic.auth.user.info", "u:p");
                SchemaRegistry without = client()) {
            byUrl.ping();
            bySetting.ping();
            assertThatThrownBy(without::ping)
                    .isInstanceOf(RegistryRefusedException.class)
                    .hasMessageContaining("Unauthorized")
                    .hasMessageContaining("basic.auth.user.info");
        }
    }

    @Test
    void aRegistryThatIsDownIsUnavailable() {
        stub.register("s", "\"string\"");
        try (SchemaRegistry registry = client()) {
            stub.down();
            assertThatThrownBy(() -> registry.byId(1))
                    .isInstanceOf(RegistryUnavailableException.class)
                    .hasMessageContaining("connection refused");
            stub.up();
            assertThat(registry.byId(1)).contains(SchemaText.avro("\"string\""));
            stub.failNext(1, 503);
            assertThatThrownBy(() -> registry.versions("s")).isInstanceOf(RegistryUnavailableException.class);
        }
    }

    @Test
    void waysToLogInThatOnlyItHasAreLeftToIt() {
        for (String source : new String[] {"basic.auth.credentials.source", "bearer.auth.credentials.source"}) {
            RegistryOption.find(source).orElseThrow().check("SOMETHING_OF_ITS_OWN");
        }
    }

    @Test
    void withoutItsClassesTheRemedyIsTold() {
        Map<String, String> settings =
                Map.of("schema.registry.url", stub.url(), "schema.registry.provider", "confluent-client");
        assertThatThrownBy(() -> SchemaRegistries.check(settings))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("io.confluent:kafka-schema-registry-client");
    }
}
