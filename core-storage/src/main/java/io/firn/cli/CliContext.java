package io.firn.cli;

import io.firn.table.TableEnvironment;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What a command works with: input, output, messages, files, time, and the wish that it stops.
 *
 * <p>Output is confined to the command's thread; the rest is thread-safe.
 */
public final class CliContext {
    private final InputStream in;
    private final Output out;
    private final PrintStream messages;
    private final Progress progress;
    private final TableEnvironment environment;
    private final LongSupplier nanoTime;
    private final CountDownLatch stop = new CountDownLatch(1);

    private CliContext(InputStream in, OutputStream out, PrintStream messages, boolean terminal) {
        this.in = in;
        this.out = new Output(out);
        this.messages = messages;
        this.environment = TableEnvironment.system();
        this.nanoTime = System::nanoTime;
        this.progress = new Progress(messages, terminal, nanoTime);
    }

    /** The streams of the process. */
    static CliContext ofProcess() {
        boolean terminal = Boolean.getBoolean("firn.terminal");
        return new CliContext(System.in, new FileOutputStream(FileDescriptor.out), System.err, terminal);
    }

    /** Given streams, which are no terminal. */
    static CliContext of(InputStream in, OutputStream out, OutputStream messages) {
        return new CliContext(in, out, new PrintStream(messages, true, StandardCharsets.UTF_8), false);
    }

    /** Standard input. */
    public InputStream in() {
        return in;
    }

    /** Standard output, for data; flushed when the command ends. */
    public OutputStream out() {
        return out;
    }

    /** Writes a line of data to standard output. */
    public void line(String text) throws IOException {
        out.line(text);
    }

    /**
     * Reads a file of the user's.
     *
     * @throws io.firn.error.FirnException when it is not there or cannot be read
     */
    public byte[] readFile(Path path) {
        return new WholeFile(environment.store(), path).read();
    }

    /**
     * Writes a new file of the user's, durable and as a whole.
     *
     * @throws io.firn.error.ConfigException when there is one of the name: nothing is overwritten
     */
    public void writeNewFile(Path path, byte[] content) {
        new WholeFile(environment.store(), path).writeNew(content);
    }

    Output output() {
        return out;
    }

    /** Writes a line for people to standard error. */
    public void message(String line) {
        progress.clear();
        messages.println(line);
        messages.flush();
    }

    PrintStream messages() {
        return messages;
    }

    /** The progress of long work, shown on a terminal only. */
    Progress progress() {
        return progress;
    }

    /** Files and clock. */
    public TableEnvironment environment() {
        return environment;
    }

    LongSupplier nanoTime() {
        return nanoTime;
    }

    /** Asks the command to come to a good end soon; from any thread. */
    void requestStop() {
        stop.countDown();
    }

    /** Whether the process was asked to end. */
    public boolean isStopRequested() {
        return stop.getCount() == 0;
    }

    /** Waits, but not longer than until the process is asked to end; returns whether it was. */
    boolean awaitStop(long milliseconds) {
        try {
            return stop.await(milliseconds, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
