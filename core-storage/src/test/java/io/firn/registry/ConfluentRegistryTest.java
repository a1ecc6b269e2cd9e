package io.firn.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.testing.SchemaRegistryContract;
import io.firn.testing.StubRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConfluentRegistryTest extends SchemaRegistryContract {
    private static final SchemaText FLIGHT = record("Flight", "origin", "\"string\"");

    private final StubRegistry stub = StubRegistry.start(1);
    private final StubRegistry second = StubRegistry.start(1);

    @AfterEach
    void stop() {
        stub.close();
        second.close();
    }

    @Override
    protected SchemaRegistry client() {
        return client(stub.url());
    }

    private static SchemaRegistry client(String url, String... settings) {
        Map<String, String> all = new HashMap<>();
        all.put("schema.registry.url", url);
        all.put("schema.registry.retries.wait.ms", "1");
        all.put("schema.registry.http.connect.timeout.ms", "2000");
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        return SchemaRegistries.open(all).orElseThrow();
    }

    @Test
    void asksForAnIdOnceOnly() {
        int id = stub.register("flights-value", FLIGHT.text());
        try (SchemaRegistry registry = client()) {
            for (int i = 0; i < 10; i++) {
                assertThat(registry.byId(id)).isPresent();
                assertThat(registry.byId(99)).isEmpty();
                assertThat(registry.register("flights-value", FLIGHT)).isEqualTo(id);
            }
        }
        assertThat(stub.requests())
                .containsExactly("GET /schemas/ids/1", "GET /schemas/ids/99", "POST /subjects/flights-value/versions");
    }

    @Test
    void asksTheNextRegistryWhenOneDoesNotAnswer() {
        second.register("flights-value", FLIGHT.text());
        stub.down();
        try (SchemaRegistry registry = client(stub.url() + ", " + second.url() + "/")) {
            assertThat(registry.byId(1)).isPresent();
            second.failNext(1, 503);
            stub.up();
            stub.register("flights-value", FLIGHT.text());

            assertThat(registry.versions("flights-value")).containsExactly(1);
        }
        assertThat(stub.requests()).hasSize(1);
        assertThat(second.requests()).hasSize(2);
    }

    @Test
    void asksAgainAfterErrorsOfTheServer() {
        stub.register("flights-value", FLIGHT.text());
        try (SchemaRegistry registry = client(stub.url(), "schema.registry.max.retries", "2")) {
            stub.failNext(2, 500);
            assertThat(registry.byId(1)).isPresent();
        }
        try (SchemaRegistry registry = client(stub.url(), "schema.registry.max.retries", "2")) {
            stub.failNext(3, 429);
            assertThatThrownBy(() -> registry.byId(1))
                    .isInstanceOf(RegistryUnavailableException.class)
                    .hasMessageContaining("status 429")
                    .hasMessageContaining(stub.url());
            assertThat(registry.byId(1)).isPresent();
        }
        assertThat(stub.requests()).hasSize(7);
    }

    @Test
    void aRegistryThatIsDownIsUnavailableAndNothingElse() {
        stub.register("flights-value", FLIGHT.text());
        stub.down();
        try (SchemaRegistry registry = client(stub.url(), "schema.registry.max.retries", "1")) {
            assertThatThrownBy(() -> registry.byId(1))
                    .isInstanceOf(RegistryUnavailableException.class)
                    .hasMessageContaining("connection refused")
                    .hasMessageContaining("schema.registry.url");
            stub.up();
            assertThat(registry.byId(1)).isPresent();
        }
        try (SchemaRegistry registry = client("http://no-such-host.invalid", "schema.registry.max.retries", "0")) {
            assertThatThrownBy(registry::ping)
                    .isInstanceOf(RegistryUnavailableException.class)
                    .hasMessageContaining("no-such-host.invalid");
        }
    }

    @Test
    void sendsUserAndPasswordFromBothPlaces() {
        stub.requireAuthorization("Basic Zmlybjpzw7Y=");
        String inUrl = stub.url().replace("//", "//firn:s%C3%B6@");
        try (SchemaRegistry registry = client(inUrl)) {
            registry.ping();
        }
        try (SchemaRegistry registry =
                client(stub.url(), "basic.auth.credentials.source", "USER_INFO", "basic.auth.user.info", "firn:sö")) {
            registry.ping();
        }
        try (SchemaRegistry registry = client(stub.url().replace("//", "//firn:wrong@"))) {
            assertThatThrownBy(registry::ping)
                    .isInstanceOf(RegistryRefusedException.class)
                    .hasMessageContaining("Unauthorized (40101)")
                    .hasMessageContaining("basic.auth.user.info")
                    .message()
                    .doesNotContain("wrong");
        }
    }

    @Test
    void sendsAToken() {
        stub.requireAuthorization("Bearer abc");
        try (SchemaRegistry registry =
                client(stub.url(), "bearer.auth.credentials.source", "STATIC_TOKEN", "bearer.auth.token", "abc")) {
            registry.ping();
        }
    }

    @Test
    void credentialsAreNotCarriedToAnotherHost() {
        try (StubRegistry other = StubRegistry.start(1);
                SchemaRegistry registry = client(stub.url().replace("//", "//firn:secret@"))) {
            stub.redirectTo(other.url());
            assertThatThrownBy(registry::ping)
                    .isInstanceOf(RegistryRefusedException.class)
                    .hasMessageContaining("sends its clients to " + other.url())
                    .hasMessageContaining("set schema.registry.url to it");
            assertThatThrownBy(() -> registry.register("flights-value", FLIGHT))
                    .isInstanceOf(RegistryRefusedException.class);
            assertThat(other.requests()).isEmpty();
        }
    }

    @Test
    void refusalsSayWhatToDo() {
        stub.refuseNewSchemasOf("flights-value");
        try (SchemaRegistry registry = client()) {
            assertThatThrownBy(() -> registry.register("flights-value", FLIGHT))
                    .isInstanceOf(RegistryRefusedException.class)
                    .hasMessageContaining("incompatible with an earlier schema")
                    .hasMessageContaining("compatibility to NONE")
                    .extracting("status", "errorCode")
                    .containsExactly(409, 409);
        }
        try (SchemaRegistry registry = client(stub.url() + "/wrong/path")) {
            assertThatThrownBy(registry::ping)
                    .isInstanceOf(RegistryRefusedException.class)
                    .hasMessageContaining("correct schema.registry.url");
        }
        assertThat(List.copyOf(stub.subjects())).isEmpty();
    }
}
