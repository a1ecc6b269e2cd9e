package io.firn.connect.cli;

import java.io.IOException;

/** A record cannot be compared, so nothing is known about it. Thread-safe. */
final class UncomparableException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Says which part of the record, why not, and what to do. */
    UncomparableException(String message, Throwable cause) {
        super(message, cause);
    }
}
