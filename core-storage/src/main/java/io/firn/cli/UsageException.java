package io.firn.cli;

import io.firn.error.ConfigException;
import java.util.function.Supplier;

/** An argument of a command is wrong: exit code 2. Thread-safe. */
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says which argument, what was found and what is expected. */
    public UsageException(String message) {
        super(message);
    }

    /** Says the same, with what was tried: {@code --debug} shows it. */
    public UsageException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Checks an option; what is wrong with it names the option. */
    static void checking(String option, Runnable check) {
        reading(option, () -> {
            check.run();
            return option;
        });
    }

    /** Reads the text of an option; what is wrong with it names the option. */
    static <T> T reading(String option, Supplier<T> parser) {
        try {
            return parser.get();
        } catch (ConfigException wrong) {
            throw new UsageException(option + ": " + wrong.getMessage(), wrong);
        }
    }
}
