package io.firn.cli;

import java.io.IOException;
import java.util.Locale;

/** Standard output takes no more. Thread-safe. */
final class OutputException extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean readerGone;

    OutputException(IOException cause) {
        super("Cannot write to standard output: " + cause.getMessage(), cause);
        this.readerGone = String.valueOf(cause.getMessage())
                .toLowerCase(Locale.ROOT)
                .matches(".*(broken pipe|pipe closed|pipe broken|read end dead|connection reset).*");
    }

    /** Whether nobody reads the pipe any more, as after {@code | head}: no failure for a command that only shows. */
    boolean isReaderGone() {
        return readerGone;
    }
}
