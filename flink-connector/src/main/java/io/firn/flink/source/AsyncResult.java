package io.firn.flink.source;

import org.apache.flink.util.FlinkRuntimeException;
import org.jspecify.annotations.Nullable;

/** What came of a call on the enumerator's worker thread. */
final class AsyncResult {
    private AsyncResult() {}

    /** The result; a failure fails the job. */
    static <T> T of(@Nullable T result, @Nullable Throwable failure, String what) {
        if (failure != null) {
            throw new FlinkRuntimeException("The source cannot " + what + ": " + failure.getMessage(), failure);
        }
        if (result == null) {
            throw new IllegalStateException("neither a result nor a failure when the source wanted to " + what);
        }
        return result;
    }
}
