package io.firn.cli;

import java.io.IOException;

/**
 * A command of the {@code firn} command line.
 *
 * <p>An implementation is annotated with picocli's {@code @Command}, whose name, options and parameters become those of
 * the command. Other modules add commands by naming their classes in {@code META-INF/services/io.firn.cli.CliCommand}.
 * An instance runs once, on one thread.
 */
public interface CliCommand {
    /** Exit code: everything was done. */
    int DONE = 0;

    /** Exit code: something failed, or damage was found. */
    int FAILED = 1;

    /** Exit code: the command line is wrong; nothing was done. */
    int USAGE = 2;

    /**
     * Does the work.
     *
     * @param context where data and messages go
     * @return the exit code
     * @throws IOException when input or output fails
     * @throws io.firn.error.FirnException when the engine refuses; shown as one line, exit code 1
     */
    int run(CliContext context) throws IOException;
}
