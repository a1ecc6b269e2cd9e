package io.firn.examples;

import com.fasterxml.jackson.databind.JsonNode;
import io.firn.connect.testing.ConnectRest;
import java.util.Optional;

/** What a worker says about a connector. Thread-safe: no state. */
public final class ConnectorState {
    private ConnectorState() {}

    /**
     * Returns when neither the connector nor one of its tasks has failed.
     *
     * @throws IllegalStateException with the trace when one has
     */
    public static void failIfFailed(ConnectRest rest, String connector) {
        failure(rest, connector).ifPresent(trace -> {
            throw new IllegalStateException(connector + " failed: " + trace);
        });
    }

    /** The trace of the connector or of one of its tasks; empty when none has failed. */
    public static Optional<String> failure(ConnectRest rest, String connector) {
        if (!rest.hasStatus(connector)) {
            return Optional.empty();
        }
        JsonNode status = rest.status(connector);
        Optional<String> own = failure(status.path("connector"));
        if (own.isPresent()) {
            return own;
        }
        for (JsonNode task : status.path("tasks")) {
            if (failure(task).isPresent()) {
                return failure(task);
            }
        }
        return Optional.empty();
    }

    private static Optional<String> failure(JsonNode part) {
        return part.path("state").asText().equals("FAILED")
                ? Optional.of(part.path("trace").asText())
                : Optional.empty();
    }
}
