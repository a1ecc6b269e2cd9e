package io.firn.examples;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Says what goes on, with the seconds since the start.
 *
 * <p>Thread-safe.
 */
public final class Progress {
    private final PrintStream out;
    private final LongSupplier nanoClock;
    private final long startNs;

    /** Creates a progress that prints to {@code out}, with a clock as {@link System#nanoTime}. */
    public Progress(PrintStream out, LongSupplier nanoClock) {
        this.out = out;
        this.nanoClock = nanoClock;
        this.startNs = nanoClock.getAsLong();
    }

    /** Prints a line with the seconds since the start. */
    public void say(String format, Object... arguments) {
        String text = String.format(Locale.ROOT, format, arguments);
        out.println(String.format(Locale.ROOT, "[%5.1f s] %s", seconds(), text));
        out.flush();
    }

    /** Prints a line as it is. */
    public void print(String line) {
        out.println(line);
        out.flush();
    }

    /** Seconds since the start. */
    public double seconds() {
        return (double) (nanoClock.getAsLong() - startNs)
                / Duration.ofSeconds(1).toNanos();
    }
}
