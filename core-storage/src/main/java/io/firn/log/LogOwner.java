package io.firn.log;

/** Who opened a log: the first field of every base, for messages only. */
final class LogOwner {
    private LogOwner() {}

    /** The present process, as other people find it: host name and process id. */
    static String ofThisProcess() {
        return "host " + HostName.VALUE + ", process " + ProcessHandle.current().pid();
    }

    static String of(LogContent content) {
        return new PayloadReader(content.base(), content.path()).string();
    }

    /** Resolved once: the look-up may ask a name server. */
    private static final class HostName {
        static final String VALUE = resolve();

        private static String resolve() {
            try {
                return java.net.InetAddress.getLocalHost().getHostName();
            } catch (java.net.UnknownHostException unknown) {
                return "unknown (" + unknown.getMessage() + ")";
            }
        }
    }
}
