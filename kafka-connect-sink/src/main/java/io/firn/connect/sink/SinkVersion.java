package io.firn.connect.sink;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * The connector's version, written by the build.
 *
 * <p>Thread-safe.
 */
final class SinkVersion {
    private SinkVersion() {}

    static String read() {
        Properties properties = new Properties();
        try (InputStream in = SinkVersion.class.getResourceAsStream("version.properties")) {
            if (in == null) {
                throw new IllegalStateException("version.properties is missing in the connector's jar");
            }
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read version.properties", e);
        }
        return properties.getProperty("version", "unknown");
    }
}
