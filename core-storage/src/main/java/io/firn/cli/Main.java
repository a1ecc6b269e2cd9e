package io.firn.cli;

import io.firn.error.FirnException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The {@code firn} command line: data on standard output, messages on standard error, exit code 0 done, 1 failed or
 * damage found, 2 usage.
 *
 * <p>Thread-safe: no state.
 */
public final class Main {
    private static final long STOP_TIMEOUT_SECONDS = 5;

    private Main() {}

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] args) {
        CliContext context = CliContext.ofProcess();
        CountDownLatch done = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(context, done), "firn-stop"));
        int code;
        try {
            code = run(context, args);
        } finally {
            done.countDown();
        }
        System.exit(code);
    }

    /**
     * Runs a command inside this process.
     *
     * @param in standard input
     * @param out standard output
     * @param messages standard error
     * @param args the command line
     * @return the exit code
     */
    public static int run(InputStream in, OutputStream out, OutputStream messages, String... args) {
        return run(CliContext.of(in, out, messages), args);
    }

    static int run(CliContext context, String... args) {
        try {
            int code = execute(context, args);
            context.output().flush();
            return code;
        } catch (ParameterException wrong) {
            return usage(context, wrong);
        } catch (UsageException wrong) {
            return fail(context, wrong, args, CliCommand.USAGE);
        } catch (OutputException failed) {
            return failed.isReaderGone() ? CliCommand.DONE : fail(context, failed, args, CliCommand.FAILED);
        } catch (IOException | RuntimeException failed) {
            return fail(context, failed, args, CliCommand.FAILED);
        } catch (OutOfMemoryError full) {
            context.message("firn: not enough memory (" + full.getMessage() + "); give more with FIRN_OPTS=-Xmx2g");
            return CliCommand.FAILED;
        } finally {
            context.progress().clear();
        }
    }

    private static int execute(CliContext context, String... args) throws IOException {
        CommandLine line = commandLine(context);
        ParseResult parsed = line.parseArgs(args);
        Integer help = CommandLine.executeHelpRequest(parsed);
        if (help != null) {
            line.getOut().flush();
            return help;
        }
        List<CommandLine> commands = parsed.asCommandLineList();
        CommandLine last = commands.get(commands.size() - 1);
        if (last.getCommandSpec().userObject() instanceof CliCommand command) {
            EmptyPaths.refuse(last.getParseResult());
            return command.run(context);
        }
        last.usage(last.getErr());
        return CliCommand.USAGE;
    }

    private static CommandLine commandLine(CliContext context) {
        CommandLine line = new CommandLine(new FirnCommand());
        List.of(
                        new CreateCommand(),
                        new ConfigCommand(),
                        new AppendCommand(),
                        new LsCommand(),
                        new CatCommand(),
                        new VerifyCommand(),
                        new RecoverCommand(),
                        new SettleCommand(),
                        new CompressCommand(),
                        new DecompressCommand(),
                        new CompressionCommand(),
                        new ArchiveIdCommand(),
                        new CompactCommand(),
                        new ExpireCommand(),
                        new DropCommand(),
                        new EraseCommand(),
                        new RepartitionCommand(),
                        new StatsCommand(),
                        new ReportCommand(),
                        new MigrateCommand(),
                        new SeriesCommand())
                .forEach(line::addSubcommand);
        ServiceLoader.load(CliCommand.class).forEach(line::addSubcommand);
        Converters.register(line);
        return line.setCaseInsensitiveEnumValuesAllowed(true)
                .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
                .setOut(new PrintWriter(new OutputStreamWriter(context.output(), StandardCharsets.UTF_8), false))
                .setErr(new PrintWriter(context.messages(), true, StandardCharsets.UTF_8));
    }

    private static int usage(CliContext context, ParameterException wrong) {
        CommandLine line = wrong.getCommandLine();
        String what = wrong instanceof UnmatchedArgumentException unmatched && line.getParent() == null
                ? "there is no command '" + unmatched.getUnmatched().get(0) + "'"
                : wrong.getMessage();
        context.message("firn: " + what);
        UnmatchedArgumentException.printSuggestions(wrong, line.getErr());
        context.message("Try '" + line.getCommandSpec().qualifiedName() + " --help'.");
        return CliCommand.USAGE;
    }

    private static int fail(CliContext context, Exception failure, String[] args, int code) {
        boolean expected =
                failure instanceof FirnException || failure instanceof UsageException || failure instanceof IOException;
        String text = expected ? String.valueOf(failure.getMessage()) : "internal error: " + failure;
        context.message("firn: " + text.replace('\n', ' '));
        if (List.of(args).contains(FirnCommand.DEBUG)) {
            failure.printStackTrace(context.messages());
        } else if (!expected) {
            context.message("Run it again with " + FirnCommand.DEBUG + " to see where.");
        }
        return code;
    }

    /** The process was asked to end: lets the command commit what it has. */
    private static void stop(CliContext context, CountDownLatch done) {
        context.requestStop();
        try {
            if (!done.await(STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                context.message("firn: stopped in the middle of its work");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
