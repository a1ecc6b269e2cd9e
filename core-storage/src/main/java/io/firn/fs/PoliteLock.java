package io.firn.fs;

/** A lock that tools respect; closing it (idempotent) gives it back. Thread-safe. */
public interface PoliteLock extends AutoCloseable {
    @Override
    void close();
}
