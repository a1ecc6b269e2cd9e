package io.firn.log;

/** What a log records; part of its header, so that a misplaced file is refused. */
enum LogKind {
    LANE(1),
    CATALOG(2),
    /** A commit of a writer attempt: a file with a base and nothing else. */
    ATTEMPT(3),
    /** A marker of records that were removed for ever: a file with a base and nothing else. */
    EXPIRY(4),
    /** Who owns a two-phase sink: a file with a base and nothing else. */
    CLAIM(5);

    private final int code;

    LogKind(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
