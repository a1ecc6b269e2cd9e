package io.firn.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ConfigException;
import io.firn.testing.StubRegistry;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both sides prove who they are, with keys in every format. */
class TlsContextTest {
    private static final String PASSWORD = "changeit";

    @TempDir
    static Path directory;

    private static StubRegistry stub;

    @BeforeAll
    static void start() throws Exception {
        makeKey("server", "localhost");
        makeKey("client", "client");
        Map<String, String> server = new HashMap<>(trust("PKCS12", "client"));
        server.putAll(key("PKCS12", "server"));
        stub = StubRegistry.startTls(TlsContext.of(RegistrySettings.parse(withUrl("https://localhost", server))));
    }

    @AfterAll
    static void stop() {
        stub.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"JKS", "PKCS12", "PEM"})
    void bothSidesProveWhoTheyAre(String type) throws Exception {
        Map<String, String> settings = new HashMap<>(trust(type, "server"));
        settings.putAll(key(type, "client"));

        ping(settings);
    }

    @Test
    void keysMayStandInTheSettingsThemselves() throws Exception {
        ping(Map.of(
                "schema.registry.ssl.keystore.key", pemKey("client"),
                "schema.registry.ssl.keystore.certificate.chain", pemCertificate("client"),
                "schema.registry.ssl.truststore.certificates", pemCertificate("server")));
    }

    @Test
    void aClientWithoutAKeyAndAServerNobodyTrustsAreRefused() throws Exception {
        assertThatThrownBy(() -> ping(trust("PKCS12", "server"))).isInstanceOf(RegistryUnavailableException.class);
        assertThatThrownBy(() -> ping(key("PKCS12", "client")))
                .isInstanceOf(RegistryUnavailableException.class)
                .hasMessageContaining("PKIX path");
    }

    @Test
    void theHostsNameIsCheckedUnlessThatIsSwitchedOff() throws Exception {
        Map<String, String> settings = new HashMap<>(trust("PKCS12", "server"));
        settings.putAll(key("PKCS12", "client"));
        String byAddress = stub.url().replace("localhost", "127.0.0.1");

        assertThatThrownBy(() -> ping(byAddress, settings)).isInstanceOf(RegistryUnavailableException.class);
        settings.put("schema.registry.ssl.endpoint.identification.algorithm", "");
        ping(byAddress, settings);
    }

    @Test
    void whatCannotBeReadNamesTheSetting() throws Exception {
        Map<String, String> wrong = new HashMap<>(key("PKCS12", "client"));
        wrong.put("schema.registry.ssl.keystore.password", "other");
        assertThatThrownBy(() -> ping(wrong))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("schema.registry.ssl.keystore.location")
                .hasMessageContaining("password")
                .message()
                .doesNotContain("'other'");
        assertThatThrownBy(() -> ping(Map.of("schema.registry.ssl.truststore.location", "/no/such/file")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("schema.registry.ssl.truststore.location");
        assertThatThrownBy(() -> ping(Map.of(
                        "schema.registry.ssl.keystore.key",
                        pemKey("client").replace("PRIVATE", "RSA PRIVATE"),
                        "schema.registry.ssl.keystore.certificate.chain",
                        pemCertificate("client"))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("openssl pkcs8 -topk8");
        assertThatThrownBy(() -> ping(Map.of("schema.registry.ssl.truststore.certificates", "nothing")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("BEGIN CERTIFICATE");
    }

    private static void ping(Map<String, String> settings) {
        ping(stub.url(), settings);
    }

    private static void ping(String url, Map<String, String> settings) {
        try (SchemaRegistry registry =
                SchemaRegistries.open(withUrl(url, settings)).orElseThrow()) {
            registry.ping();
        }
    }

    private static Map<String, String> withUrl(String url, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("schema.registry.url", url);
        all.put("schema.registry.max.retries", "0");
        return all;
    }

    private static Map<String, String> key(String type, String name) throws Exception {
        return store("keystore", type, name, pemKey(name) + pemCertificate(name));
    }

    private static Map<String, String> trust(String type, String name) throws Exception {
        return store("truststore", type, name, pemCertificate(name));
    }

    private static Map<String, String> store(String kind, String type, String name, String pem) throws Exception {
        Path file = directory.resolve(name + "." + kind + "." + type);
        if (type.equals("PEM")) {
            Files.writeString(file, pem);
        } else {
            KeyStore store = KeyStore.getInstance(type);
            store.load(null, null);
            KeyStore made = made(name);
            if (kind.equals("keystore")) {
                store.setKeyEntry(
                        name,
                        made.getKey(name, PASSWORD.toCharArray()),
                        PASSWORD.toCharArray(),
                        made.getCertificateChain(name));
            } else {
                store.setCertificateEntry(name, made.getCertificate(name));
            }
            try (var out = Files.newOutputStream(file)) {
                store.store(out, PASSWORD.toCharArray());
            }
        }
        String prefix = "schema.registry.ssl." + kind + ".";
        return Map.of(prefix + "location", file.toString(), prefix + "type", type, prefix + "password", PASSWORD);
    }

    private static String pemKey(String name) throws Exception {
        return pem(
                "PRIVATE KEY", made(name).getKey(name, PASSWORD.toCharArray()).getEncoded());
    }

    private static String pemCertificate(String name) throws Exception {
        Certificate certificate = made(name).getCertificate(name);
        return pem("CERTIFICATE", certificate.getEncoded());
    }

    private static String pem(String kind, byte[] der) {
        return "-----BEGIN " + kind + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + kind
                + "-----\n";
    }

    private static KeyStore made(String name) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(directory.resolve(name + ".p12"))) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    /** Java has no public way to make a certificate but its own tool. */
    private static void makeKey(String name, String host) throws Exception {
        Path tool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        Process process = new ProcessBuilder(List.of(
                        tool.toString(),
                        "-genkeypair",
                        "-alias",
                        name,
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + host,
                        "-ext",
                        "san=dns:" + host,
                        "-validity",
                        "2",
                        "-keystore",
                        directory.resolve(name + ".p12").toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }
}
