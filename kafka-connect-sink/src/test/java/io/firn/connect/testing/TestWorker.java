package io.firn.connect.testing;

/** A real distributed Connect worker, wherever it runs. Thread-safe. */
public interface TestWorker extends AutoCloseable {
    /** The worker's REST interface, as this JVM reaches it. */
    ConnectRest rest();

    /** Whether the worker's process runs; one that is suspended does. */
    boolean isAlive();

    /** Everything that the worker logged so far. */
    String logText();

    /** {@code kill -9}. */
    void kill();

    /** The worker freezes, and its group believes it dead after the session timeout. */
    void suspend();

    /** The worker goes on after {@link #suspend}. */
    void resume();

    /** Ends the worker cleanly: tasks commit and close, the worker leaves its group. */
    void stop();

    /** Kills the worker, if it runs, and removes what it needed. */
    @Override
    void close();
}
