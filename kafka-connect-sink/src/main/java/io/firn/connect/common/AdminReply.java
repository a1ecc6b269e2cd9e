package io.firn.connect.common;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaFuture;
import org.jspecify.annotations.Nullable;

/** Waits for what a cluster answers to an admin client. Thread-safe: no state. */
public final class AdminReply {
    private AdminReply() {}

    /**
     * Waits for an answer.
     *
     * @param future null is a defect of the client, which was asked about something and answers about something else
     * @param timeout longer than the client's own, so that the client can say what is wrong
     * @throws ExecutionException whose cause says why there is none
     */
    public static <T> T await(@Nullable KafkaFuture<T> future, Duration timeout)
            throws ExecutionException, TimeoutException, InterruptedException {
        if (future == null) {
            throw new IllegalStateException("the admin client answered about something else");
        }
        return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }
}
