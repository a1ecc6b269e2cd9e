package io.firn.compress;

import com.github.luben.zstd.util.Native;
import io.firn.error.ConfigException;

/** Loads zstd's native library when we choose to, and says what to do when it cannot be loaded. Thread-safe. */
public final class ZstdLibrary {
    private ZstdLibrary() {}

    /**
     * Loads the native library; does nothing when it is loaded already.
     *
     * @throws ConfigException when it cannot be loaded, naming the remedy
     */
    public static void ensureLoaded() {
        try {
            Native.load();
        } catch (LinkageError | RuntimeException e) {
            throw new ConfigException(describe(e), e);
        }
    }

    private static String describe(Throwable failure) {
        String folder = System.getProperty("ZstdTempFolder", System.getProperty("java.io.tmpdir", "?"));
        return "Cannot load zstd's native library for " + System.getProperty("os.name") + "/"
                + System.getProperty("os.arch") + " (unpacked to " + folder + "): " + failure.getMessage()
                + ". The folder must exist, be writable and allow execution (not be mounted noexec): start Java with"
                + " -DZstdTempFolder=<such a folder> (in Kafka Connect through KAFKA_OPTS), or, where zstd-jni has no"
                + " library for this platform, install one and name it with -DZstdNativePath=<file>.";
    }
}
