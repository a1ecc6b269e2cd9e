package io.firn.cli;

import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command above all commands. Confined to one thread. */
@Command(
        name = "firn",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = FirnCommand.Version.class,
        sortOptions = false,
        synopsisSubcommandLabel = "<command>",
        description = "Stores streams of records in tables of files: append, look, verify, compress.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:failed, or damage was found", "2:the command line is wrong"})
final class FirnCommand {
    static final String DEBUG = "--debug";

    @Option(names = DEBUG, description = "Show the stack trace of an error.", scope = ScopeType.INHERIT)
    boolean debug;

    /** Version of the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = FirnCommand.class.getPackage().getImplementationVersion();
            return new String[] {"firn " + Optional.ofNullable(version).orElse("(not from a jar)")};
        }
    }
}
