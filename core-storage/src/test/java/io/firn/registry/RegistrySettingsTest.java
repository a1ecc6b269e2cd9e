package io.firn.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ConfigException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegistrySettingsTest {
    private static Map<String, String> settings(String... pairs) {
        Map<String, String> settings = new HashMap<>();
        settings.put("schema.registry.url", "http://registry:8081");
        for (int i = 0; i < pairs.length; i += 2) {
            settings.put(pairs[i], pairs[i + 1]);
        }
        return settings;
    }

    @Test
    void everySettingIsDocumentedAndItsDefaultIsValid() {
        for (RegistryOption option : RegistryOption.values()) {
            assertThat(option.documentation()).as(option.key()).hasSizeGreaterThan(20);
            option.check(option.defaultText());
            assertThat(RegistryOption.find(option.key())).contains(option);
        }
        assertThat(RegistryOption.find("schema.registry.nothing")).isEmpty();
    }

    @Test
    void noUrlMeansNoRegistry() {
        assertThat(SchemaRegistries.open(Map.of())).isEmpty();
        assertThat(SchemaRegistries.check(Map.of("schema.registry.url", " "))).isFalse();
        assertThat(SchemaRegistries.check(settings())).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "schema.registry.url, registry:8081, http://",
        "schema.registry.url, http://, it is no URL",
        "schema.registry.url, http://a?b=c, https://registry:8081",
        "schema.registry.url, ',', at least one URL",
        "schema.registry.provider, other, confluent-client",
        "basic.auth.credentials.source, SASL_INHERIT, USER_INFO",
        "bearer.auth.credentials.source, OAUTHBEARER, STATIC_TOKEN",
        "schema.registry.http.connect.timeout.ms, 0, from 1",
        "schema.registry.http.read.timeout.ms, soon, from 1",
        "schema.registry.max.retries, -1, from 0",
        "schema.registry.ssl.keystore.type, P12, PKCS12",
    })
    void aBadValueIsQuotedWithTheRemedy(String key, String value, String remedy) {
        Map<String, String> settings = settings(key, value);
        settings.putIfAbsent("schema.registry.url", "http://registry");
        assertThatThrownBy(() -> {
                    RegistryOption.find(key).orElseThrow().check(value);
                    SchemaRegistries.check(settings);
                })
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("'" + value + "'")
                .hasMessageContaining("'" + key + "'")
                .hasMessageContaining(remedy);
    }

    @ParameterizedTest
    @CsvSource({
        "basic.auth.credentials.source, USER_INFO, basic.auth.user.info, alone, user:password",
        "bearer.auth.credentials.source, STATIC_TOKEN, bearer.auth.token, '', bearer.auth.token",
        "bearer.auth.credentials.source, STATIC_TOKEN, schema.registry.url, http://a:b@c, not both",
        "schema.registry.ssl.keystore.key, key, schema.registry.ssl.protocol, TLS, belong together",
        "schema.registry.ssl.truststore.certificates, c, schema.registry.ssl.truststore.location, /t, exclude each",
    })
    void settingsThatDoNotFitAreRefused(String key, String value, String otherKey, String otherValue, String remedy) {
        Map<String, String> settings = settings("bearer.auth.token", "t", key, value);
        settings.put(otherKey, otherValue);
        assertThatThrownBy(() -> SchemaRegistries.check(settings))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(remedy);
    }

    @Test
    void aPasswordIsNeverShown() {
        assertThatThrownBy(() -> SchemaRegistries.check(settings("schema.registry.url", "ftp://u:secret@host")))
                .hasMessageContaining("ftp://[hidden]@host")
                .message()
                .doesNotContain("secret");
        assertThat(RegistrySettings.parse(settings("schema.registry.url", "http://u:secret@host"))
                        .urls())
                .hasToString("[http://host/]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://user:se/cret@host:8081",
                "https://user:1/cret@host:8081",
                "https://user:se@cret@host:8081",
                "https://user:se cret@host:8081",
                "https://user:se,cret@host:8081",
                "https://user:se%zcret@host",
                "https://good:8081, https://user:se/cret@host:8081",
                "https://user:se/cret@host:8081,https://good:8081",
                "user:secret@host"
            })
    void aPasswordThatIsNotEncodedIsNotShownEither(String url) {
        assertThatThrownBy(() -> SchemaRegistries.check(settings("schema.registry.url", url)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("[hidden]@host")
                .message()
                .doesNotContain("se/", "cret@", "se@", "user:");
    }

    @Test
    void aProviderOfTheUserIsFoundByItsName() {
        try (SchemaRegistry registry = SchemaRegistries.open(Map.of("schema.registry.provider", "test-memory"))
                .orElseThrow()) {
            assertThat(registry.byId(7)).contains(SchemaText.avro("\"string\""));
        }
    }
}
