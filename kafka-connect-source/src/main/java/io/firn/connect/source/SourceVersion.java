package io.firn.connect.source;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * The version of this build, from a file that the build writes.
 *
 * <p>Thread-safe.
 */
final class SourceVersion {
    private static final String FILE = "version.properties";

    private SourceVersion() {}

    /** The version, for example {@code 0.1.0}. */
    static String get() {
        try (InputStream in = SourceVersion.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException(FILE + " is missing in the connector's jar; build it with Maven");
            }
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + FILE, e);
        }
    }
}
