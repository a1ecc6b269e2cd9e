package io.firn.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * Refuses paths that are empty, in every command: Java takes such a path for the directory that the process is in, a
 * user has forgotten to set a variable. Thread-safe: no state.
 */
final class EmptyPaths {
    private EmptyPaths() {}

    /**
     * Looks at all arguments that were given.
     *
     * @throws UsageException naming the argument
     */
    static void refuse(ParseResult given) {
        for (ArgSpec argument : given.matchedArgs()) {
            if (isEmptyPath(argument.getValue())) {
                String name = argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
                throw new UsageException(
                        name + ": the path is empty, expected one; write . for the directory that you are in");
            }
        }
    }

    private static boolean isEmptyPath(@Nullable Object value) {
        Object path = value instanceof Optional<?> some && some.isPresent() ? some.get() : value;
        return path instanceof Path && path.toString().isEmpty();
    }
}
