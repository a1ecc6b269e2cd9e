package io.firn.registry;

import io.firn.error.ConfigException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The settings of a registry client, read and checked together. Holds secrets, so it says nothing about itself.
 * Immutable; thread-safe.
 */
final class RegistrySettings {
    private final Map<String, String> values;
    private final List<RegistryUrls.Url> urls;

    private RegistrySettings(Map<String, String> values, List<RegistryUrls.Url> urls) {
        this.values = values;
        this.urls = urls;
    }

    /**
     * Reads settings; unknown names are ignored.
     *
     * @throws ConfigException naming the setting and the remedy
     */
    static RegistrySettings parse(Map<String, String> values) {
        for (RegistryOption option : RegistryOption.values()) {
            option.check(values.getOrDefault(option.key(), option.defaultText()));
        }
        RegistrySettings settings =
                new RegistrySettings(Map.copyOf(values), RegistryUrls.parse(text(values, RegistryOption.URL)));
        settings.checkCredentials();
        settings.checkKeys();
        return settings;
    }

    private void checkCredentials() {
        checkSource(RegistryOption.BASIC_SOURCE, "URL", "USER_INFO");
        checkSource(RegistryOption.BEARER_SOURCE, "STATIC_TOKEN");
        if (fromUserInfo() && !text(RegistryOption.BASIC_USER_INFO).contains(":")) {
            throw new ConfigException("'" + RegistryOption.BASIC_USER_INFO.key() + "' must be user:password when "
                    + RegistryOption.BASIC_SOURCE.key() + "=USER_INFO.");
        }
        if (!text(RegistryOption.BEARER_SOURCE).isEmpty()
                && text(RegistryOption.BEARER_TOKEN).isBlank()) {
            throw new ConfigException("'" + RegistryOption.BEARER_TOKEN.key() + "' must be set when "
                    + RegistryOption.BEARER_SOURCE.key() + "=STATIC_TOKEN.");
        }
        boolean basic =
                fromUserInfo() || urls.stream().anyMatch(url -> url.userInfo().isPresent());
        if (basic && !text(RegistryOption.BEARER_SOURCE).isEmpty()) {
            throw new ConfigException("Give the registry either a user and password or a token ("
                    + RegistryOption.BEARER_SOURCE.key() + "), not both.");
        }
    }

    private void checkSource(RegistryOption option, String... known) {
        String text = text(option);
        if (!text.isEmpty() && !List.of(known).contains(text)) {
            throw option.invalid(
                    text,
                    "use " + String.join(" or ", known) + "; others only with " + RegistryOption.PROVIDER.key() + "="
                            + ConfluentClientRegistry.NAME);
        }
    }

    private void checkKeys() {
        boolean key = !text(RegistryOption.KEYSTORE_KEY).isBlank();
        boolean chain = !text(RegistryOption.KEYSTORE_CHAIN).isBlank();
        if (key != chain) {
            throw new ConfigException("'" + RegistryOption.KEYSTORE_KEY.key() + "' and '"
                    + RegistryOption.KEYSTORE_CHAIN.key() + "' belong together: set both or none.");
        }
        if (key && !text(RegistryOption.KEYSTORE_LOCATION).isBlank()) {
            throw new ConfigException("'" + RegistryOption.KEYSTORE_KEY.key() + "' and '"
                    + RegistryOption.KEYSTORE_LOCATION.key() + "' exclude each other: set one of them.");
        }
        if (!text(RegistryOption.TRUSTSTORE_CERTIFICATES).isBlank()
                && !text(RegistryOption.TRUSTSTORE_LOCATION).isBlank()) {
            throw new ConfigException("'" + RegistryOption.TRUSTSTORE_CERTIFICATES.key() + "' and '"
                    + RegistryOption.TRUSTSTORE_LOCATION.key() + "' exclude each other: set one of them.");
        }
    }

    /** The registries, in the order in which they are asked; at least one. */
    List<RegistryUrls.Url> urls() {
        return urls;
    }

    /** What a request to a registry says about who asks; empty for nothing. */
    Optional<String> authorization(RegistryUrls.Url url) {
        if (!text(RegistryOption.BEARER_SOURCE).isEmpty()) {
            return Optional.of("Bearer " + text(RegistryOption.BEARER_TOKEN).strip());
        }
        Optional<String> user = fromUserInfo() ? Optional.of(text(RegistryOption.BASIC_USER_INFO)) : url.userInfo();
        return user.map(info -> "Basic " + Base64.getEncoder().encodeToString(info.getBytes(StandardCharsets.UTF_8)));
    }

    Duration connectTimeout() {
        return Duration.ofMillis(number(RegistryOption.CONNECT_TIMEOUT_MS));
    }

    Duration readTimeout() {
        return Duration.ofMillis(number(RegistryOption.READ_TIMEOUT_MS));
    }

    /** How often all registries are asked, 1 or more. */
    int rounds() {
        return 1 + number(RegistryOption.MAX_RETRIES);
    }

    Duration pause() {
        return Duration.ofMillis(number(RegistryOption.RETRIES_WAIT_MS));
    }

    /** Whether any registry is asked over TLS. */
    boolean usesTls() {
        return urls.stream().anyMatch(url -> "https".equals(url.base().getScheme()));
    }

    /** The text of a setting, or its default. */
    String text(RegistryOption option) {
        return text(values, option);
    }

    private boolean fromUserInfo() {
        return text(RegistryOption.BASIC_SOURCE).equals("USER_INFO");
    }

    private int number(RegistryOption option) {
        return Integer.parseInt(text(option).strip());
    }

    private static String text(Map<String, String> values, RegistryOption option) {
        return values.getOrDefault(option.key(), option.defaultText());
    }
}
