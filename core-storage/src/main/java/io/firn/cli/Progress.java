package io.firn.cli;

import java.io.PrintStream;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** One line of progress on a terminal, at most ten times a second. Thread-safe. */
final class Progress {
    private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final PrintStream terminal;
    private final boolean enabled;
    private final LongSupplier nanoTime;
    private long lastNs;
    private boolean shown;

    Progress(PrintStream terminal, boolean enabled, LongSupplier nanoTime) {
        this.terminal = terminal;
        this.enabled = enabled;
        this.nanoTime = nanoTime;
        this.lastNs = nanoTime.getAsLong();
    }

    /** Shows a text in place of the one before; it is only made when it is shown. */
    synchronized void show(Supplier<String> text) {
        if (!enabled) {
            return;
        }
        long now = nanoTime.getAsLong();
        if (now - lastNs >= INTERVAL_NS) {
            lastNs = now;
            terminal.print(CLEAR_LINE + text.get());
            terminal.flush();
            shown = true;
        }
    }

    /** Removes the text. */
    synchronized void clear() {
        if (shown) {
            terminal.print(CLEAR_LINE);
            terminal.flush();
            shown = false;
        }
    }
}
