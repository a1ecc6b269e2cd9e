package io.firn.task;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What was opened for one purpose and is closed together, what was opened last first. Every part is closed, whatever
 * the others throw.
 *
 * <p>Confined to one thread.
 */
public final class OpenParts implements AutoCloseable {
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    /** Creates one without parts. */
    public OpenParts() {}

    /** Takes a part, which from here on is closed with the others. */
    public <T extends AutoCloseable> T keep(T part) {
        opened.push(part);
        return part;
    }

    /** Closes everything because of a failure, to which further ones are added. */
    public void closeAfter(RuntimeException failed) {
        closeAll(failed);
    }

    /**
     * Closes everything. A second call does nothing.
     *
     * @throws RuntimeException the first failure of a part, with the others as suppressed ones
     */
    @Override
    public void close() {
        RuntimeException failed = closeAll(null);
        if (failed != null) {
            throw failed;
        }
    }

    private @Nullable RuntimeException closeAll(@Nullable RuntimeException before) {
        RuntimeException first = before;
        while (!opened.isEmpty()) {
            RuntimeException failed = close(opened.pop());
            if (first == null) {
                first = failed;
            } else if (failed != null) {
                first.addSuppressed(failed);
            }
        }
        return first;
    }

    private static @Nullable RuntimeException close(AutoCloseable part) {
        try {
            part.close();
            return null;
        } catch (RuntimeException failed) {
            return failed;
        } catch (Exception checked) {
            return new IllegalStateException("closing " + part.getClass().getName() + " failed", checked);
        }
    }
}
