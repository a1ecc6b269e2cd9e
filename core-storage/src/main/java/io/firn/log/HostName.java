package io.firn.log;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * The name of this host, for messages and for people who look for an owner.
 *
 * <p>Thread-safe.
 */
public final class HostName {
    private HostName() {}

    /** The name, resolved once: the look-up may ask a name server. */
    public static String ofThisHost() {
        return Resolved.NAME;
    }

    private static final class Resolved {
        static final String NAME = resolve();

        private static String resolve() {
            try {
                return InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException unknown) {
                return "unknown (" + unknown.getMessage() + ")";
            }
        }
    }
}
