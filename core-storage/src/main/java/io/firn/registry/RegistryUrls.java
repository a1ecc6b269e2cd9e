package io.firn.registry;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads {@code schema.registry.url}. Thread-safe: no state. */
final class RegistryUrls {
    /** Up to the last @ of a URL: a password may have any characters, where somebody has forgotten to encode them. */
    private static final String USER_INFO = "(?<=^|,|://)(?:(?!://).)*@";

    /**
     * One registry.
     *
     * @param base without user and password, ends with a slash
     * @param userInfo user and password that stood in the URL; never shown
     * @param written the whole; never shown
     */
    record Url(URI base, Optional<String> userInfo, String written) {
        /** As it was written, with user and password. */
        String withUserInfo() {
            return userInfo.isEmpty() ? base.toString() : written;
        }

        @Override
        public String toString() {
            return base.toString();
        }
    }

    private RegistryUrls() {}

    static List<Url> parse(String text) {
        String shown = text.replaceAll(USER_INFO, "[hidden]@");
        List<Url> urls = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            if (!part.isBlank()) {
                urls.add(url(part.strip(), shown));
            }
        }
        if (urls.isEmpty()) {
            throw RegistryOption.URL.invalid(text, "give at least one URL like https://registry:8081");
        }
        return List.copyOf(urls);
    }

    /** Of a URL; {@code shown} is the whole option without users and passwords. */
    private static Url url(String text, String shown) {
        try {
            URI uri = new URI(text);
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            if (!scheme.equals("http") && !scheme.equals("https")) {
                throw RegistryOption.URL.invalid(shown, "a URL begins with http:// or https://");
            }
            if (uri.getHost() == null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
                throw RegistryOption.URL.invalid(shown, "give URLs like https://registry:8081 or with a path behind");
            }
            String path = String.valueOf(uri.getPath());
            if (String.valueOf(uri.getRawPath()).contains("@")) {
                throw RegistryOption.URL.invalid(shown, "write / and @ of a password as %2F and %40");
            }
            URI base = new URI(scheme, null, uri.getHost(), uri.getPort(), path.replaceAll("/*$", "/"), null, null);
            return new Url(base, Optional.ofNullable(uri.getUserInfo()), text);
        } catch (URISyntaxException e) {
            throw RegistryOption.URL.invalid(shown, "it is no URL (" + e.getReason() + ")");
        }
    }
}
