package io.firn.registry;

import io.firn.error.ConfigException;
import java.util.Optional;

/**
 * Every setting of a registry client, under the names that Confluent's client gives them. The one list from which
 * connector configurations, checks and documentation are made. Thread-safe.
 */
public enum RegistryOption {
    /** Where. */
    URL(
            "schema.registry.url",
            "",
            "Base URLs of the schema registry, separated by commas; the next one is asked when one does not answer."
                    + " Empty: no registry."),
    /** Which client. */
    PROVIDER(
            "schema.registry.provider",
            "confluent",
            "Client of the registry: confluent speaks the Confluent REST protocol (Confluent, Apicurio's ccompat,"
                    + " Karapace, Redpanda); confluent-client is Confluent's own, whose jars you put into the"
                    + " plugin's directory; another name is that of an io.firn.registry.SchemaRegistryProvider that you"
                    + " put there."),
    /** Source of user and password. */
    BASIC_SOURCE(
            "basic.auth.credentials.source",
            "URL",
            "Where user and password come from: URL (https://user:password@host) or USER_INFO (basic.auth.user.info)."),
    /** User and password. */
    BASIC_USER_INFO("basic.auth.user.info", Kind.SECRET, "user:password, for basic.auth.credentials.source=USER_INFO."),
    /** Source of the token. */
    BEARER_SOURCE(
            "bearer.auth.credentials.source",
            "",
            "STATIC_TOKEN sends bearer.auth.token with every request; empty sends no token."),
    /** The token. */
    BEARER_TOKEN("bearer.auth.token", Kind.SECRET, "The token, for bearer.auth.credentials.source=STATIC_TOKEN."),
    /** Time to connect. */
    CONNECT_TIMEOUT_MS(
            "schema.registry.http.connect.timeout.ms", "5000", Kind.COUNT, "Milliseconds to wait for a connection."),
    /** Time to answer. */
    READ_TIMEOUT_MS("schema.registry.http.read.timeout.ms", "15000", Kind.COUNT, "Milliseconds to wait for an answer."),
    /** Rounds. */
    MAX_RETRIES(
            "schema.registry.max.retries",
            "3",
            Kind.COUNT_OR_NONE,
            "How often all URLs are asked again when none of them answers, or all answer with an error of their own"
                    + " (status 5xx or 429). All attempts together take a minute at most."),
    /** Pause. */
    RETRIES_WAIT_MS(
            "schema.registry.retries.wait.ms",
            "300",
            Kind.COUNT_OR_NONE,
            "Milliseconds before the first of these rounds; twice as many before each further one, at most 1000 more."),
    /** Key and certificate of this client. */
    KEYSTORE_LOCATION(
            "schema.registry.ssl.keystore.location",
            "",
            "File with the key and the certificates by which this client proves who it is (mTLS)."),
    /** Its type. */
    KEYSTORE_TYPE(
            "schema.registry.ssl.keystore.type",
            "JKS",
            Kind.STORE_TYPE,
            "JKS, PKCS12 or PEM. A PEM file holds the key (PKCS#8) and the certificates."),
    /** Its password. */
    KEYSTORE_PASSWORD("schema.registry.ssl.keystore.password", Kind.SECRET, "Password of the key store."),
    /** Password of the key. */
    KEY_PASSWORD(
            "schema.registry.ssl.key.password",
            Kind.SECRET,
            "Password of the key, where it has one of its own; otherwise that of the key store."),
    /** The key itself. */
    KEYSTORE_KEY(
            "schema.registry.ssl.keystore.key",
            Kind.SECRET,
            "The key itself as PEM text (PKCS#8), instead of a file; needs the certificate chain."),
    /** Its certificates. */
    KEYSTORE_CHAIN("schema.registry.ssl.keystore.certificate.chain", "", "The certificates of that key as PEM text."),
    /** Whom to trust. */
    TRUSTSTORE_LOCATION(
            "schema.registry.ssl.truststore.location",
            "",
            "File with the certificates that are trusted; empty: those that Java trusts."),
    /** Its type. */
    TRUSTSTORE_TYPE(
            "schema.registry.ssl.truststore.type", "JKS", Kind.STORE_TYPE, "JKS, PKCS12 or PEM (certificates)."),
    /** Its password. */
    TRUSTSTORE_PASSWORD("schema.registry.ssl.truststore.password", Kind.SECRET, "Password of the trust store."),
    /** The certificates themselves. */
    TRUSTSTORE_CERTIFICATES(
            "schema.registry.ssl.truststore.certificates", "", "The trusted certificates as PEM text, not a file."),
    /** Version of TLS. */
    TLS_PROTOCOL("schema.registry.ssl.protocol", "TLS", "Name of the SSL context: TLS, TLSv1.2 or TLSv1.3."),
    /** Whether the host is checked. */
    ENDPOINT_IDENTIFICATION(
            "schema.registry.ssl.endpoint.identification.algorithm",
            "https",
            "https: the certificate must be the host's. Empty: any trusted certificate will do.");

    /** What a value looks like. */
    private enum Kind {
        TEXT,
        SECRET,
        COUNT,
        COUNT_OR_NONE,
        STORE_TYPE
    }

    private static final int MAX_COUNT = 3_600_000;

    private final String key;
    private final String defaultText;
    private final Kind kind;
    private final String documentation;

    RegistryOption(String key, String defaultText, String documentation) {
        this(key, defaultText, Kind.TEXT, documentation);
    }

    RegistryOption(String key, Kind kind, String documentation) {
        this(key, "", kind, documentation);
    }

    RegistryOption(String key, String defaultText, Kind kind, String documentation) {
        this.key = key;
        this.defaultText = defaultText;
        this.kind = kind;
        this.documentation = documentation;
    }

    /** The setting's name, for example {@code schema.registry.url}. */
    public String key() {
        return key;
    }

    /** The default as text; empty for none. */
    public String defaultText() {
        return defaultText;
    }

    /** One or two sentences about it. */
    public String documentation() {
        return documentation;
    }

    /** Whether the value must not be shown to anybody. */
    public boolean isSecret() {
        return kind == Kind.SECRET;
    }

    /** Finds a setting by its name. */
    public static Optional<RegistryOption> find(String key) {
        for (RegistryOption option : values()) {
            if (option.key.equals(key)) {
                return Optional.of(option);
            }
        }
        return Optional.empty();
    }

    /**
     * Checks a value by itself.
     *
     * @throws ConfigException quoting the value, unless it is a secret, and naming the remedy
     */
    public void check(String value) {
        String text = value.strip();
        if (kind == Kind.COUNT || kind == Kind.COUNT_OR_NONE) {
            int least = kind == Kind.COUNT ? 1 : 0;
            if (!text.matches("\\d{1,7}") || Integer.parseInt(text) < least || Integer.parseInt(text) > MAX_COUNT) {
                throw invalid(text, "give a number from " + least + " to " + MAX_COUNT);
            }
        } else if (kind == Kind.STORE_TYPE && !text.matches("(?i)JKS|PKCS12|PEM")) {
            throw invalid(text, "use JKS, PKCS12 or PEM");
        } else if (this == URL && !text.isEmpty()) {
            RegistryUrls.parse(text);
        }
    }

    ConfigException invalid(String value, String remedy) {
        String quoted = isSecret() ? "[hidden]" : value;
        return new ConfigException("Invalid value '" + quoted + "' for '" + key + "': " + remedy + ".");
    }
}
