package io.firn.log;

/** Who opened a log: the first field of every base, for messages only. */
final class LogOwner {
    private LogOwner() {}

    /** The present process, as other people find it: host name and process id. */
    static String ofThisProcess() {
        return "host " + HostName.ofThisHost() + ", process "
                + ProcessHandle.current().pid();
    }

    static String of(LogContent content) {
        return new PayloadReader(content.base(), content.path()).string();
    }
}
