package io.firn.connect.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The REST interface of a Connect worker. A request is sent again while the worker asks for that: during a rebalance or
 * a change of configuration (409), and after a write to its config topic that failed (500, with the sentence that the
 * request can safely be retried). It is also sent again when the connection ends without an answer.
 *
 * <p>Thread-safe.
 */
public final class ConnectRest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(90);
    private static final Duration RETRY_TIMEOUT = Duration.ofMinutes(3);
    private static final long RETRY_NS = Duration.ofMillis(200).toNanos();
    private static final int FIRST_ERROR = 400;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int SERVER_ERROR = 500;

    private final URI base;
    private final HttpClient client;

    /** Creates a client for the worker at this address. */
    public ConnectRest(URI base) {
        this.base = base;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(REQUEST_TIMEOUT)
                .build();
    }

    /** The worker's address. */
    public URI address() {
        return base;
    }

    /** Names of the connectors. */
    public List<String> connectors() {
        return texts(call("GET", "/connectors", null));
    }

    /** Classes of the connector plugins that the worker found. */
    public List<String> connectorPlugins() {
        List<String> classes = new ArrayList<>();
        call("GET", "/connector-plugins", null)
                .forEach(plugin -> classes.add(plugin.path("class").asText()));
        return classes;
    }

    /** Creates a connector. */
    public JsonNode create(String name, Map<String, String> config) {
        ObjectNode body = JSON.createObjectNode().put("name", name);
        body.set("config", JSON.valueToTree(config));
        return call("POST", "/connectors", body);
    }

    /** Creates a connector or changes its configuration. */
    public JsonNode putConfig(String name, Map<String, String> config) {
        return call("PUT", "/connectors/" + name + "/config", JSON.valueToTree(config));
    }

    /** Validates a configuration; the answer lists the errors of every option. */
    public JsonNode validate(String connectorClass, Map<String, String> config) {
        String simpleName = connectorClass.substring(connectorClass.lastIndexOf('.') + 1);
        return call("PUT", "/connector-plugins/" + simpleName + "/config/validate", JSON.valueToTree(config));
    }

    /** The errors of a validation, each as {@code option: message}. */
    public List<String> validationErrors(String connectorClass, Map<String, String> config) {
        List<String> errors = new ArrayList<>();
        for (JsonNode option : validate(connectorClass, config).path("configs")) {
            for (JsonNode error : option.path("value").path("errors")) {
                errors.add(option.path("value").path("name").asText() + ": " + error.asText());
            }
        }
        return errors;
    }

    /** States of a connector and its tasks. */
    public JsonNode status(String name) {
        return call("GET", "/connectors/" + name + "/status", null);
    }

    /** Whether the worker has said anything about a connector yet: a new one has no status for a moment. */
    public boolean hasStatus(String name) {
        return send("GET", "/connectors/" + name + "/status", null).statusCode() < FIRST_ERROR;
    }

    /** Pauses a connector: its tasks stay open. */
    public void pause(String name) {
        call("PUT", "/connectors/" + name + "/pause", null);
    }

    /** Resumes a paused or stopped connector. */
    public void resume(String name) {
        call("PUT", "/connectors/" + name + "/resume", null);
    }

    /** Stops a connector: its tasks end, its offsets can be changed. Returns when no task is left. */
    public void stop(String name) {
        call("PUT", "/connectors/" + name + "/stop", null);
        Waiting.until("connector " + name + " to stop", RETRY_TIMEOUT, () -> {
            JsonNode status = status(name);
            return "STOPPED".equals(status.path("connector").path("state").asText())
                    && status.path("tasks").isEmpty();
        });
    }

    /** Restarts a connector and its tasks. */
    public void restart(String name) {
        call("POST", "/connectors/" + name + "/restart?includeTasks=true", null);
    }

    /** Restarts one task. */
    public void restartTask(String name, int task) {
        call("POST", "/connectors/" + name + "/tasks/" + task + "/restart", null);
    }

    /** Restarts those tasks of a connector that have failed. */
    public void restartFailed(String name) {
        call("POST", "/connectors/" + name + "/restart?includeTasks=true&onlyFailed=true", null);
    }

    /** Deletes a connector. */
    public void delete(String name) {
        call("DELETE", "/connectors/" + name, null);
    }

    /** The offsets of a connector. */
    public JsonNode offsets(String name) {
        return call("GET", "/connectors/" + name + "/offsets", null);
    }

    /** Changes offsets of a stopped connector; {@code body} as in the documentation of Connect. */
    public JsonNode alterOffsets(String name, JsonNode body) {
        return call("PATCH", "/connectors/" + name + "/offsets", body);
    }

    /** Sets the offset of one partition of a stopped sink connector. */
    public JsonNode alterSinkOffset(String name, String topic, int partition, long offset) {
        ObjectNode body = JSON.createObjectNode();
        ObjectNode entry = body.putArray("offsets").addObject();
        entry.putObject("partition").put("kafka_topic", topic).put("kafka_partition", partition);
        entry.putObject("offset").put("kafka_offset", offset);
        return alterOffsets(name, body);
    }

    /** Resets the offsets of a stopped connector. */
    public JsonNode resetOffsets(String name) {
        return call("DELETE", "/connectors/" + name + "/offsets", null);
    }

    /** Waits until the connector and so many tasks run. */
    public void awaitRunning(String name, int tasks, Duration timeout) {
        Waiting.until(
                "connector " + name + " with " + tasks + " running tasks",
                timeout,
                () -> {
                    JsonNode status = status(name);
                    return "RUNNING"
                                    .equals(status.path("connector")
                                            .path("state")
                                            .asText())
                            && tasksIn(status, "RUNNING") == tasks
                            && status.path("tasks").size() == tasks;
                },
                () -> "last status: " + describeStatus(name));
    }

    /** Waits until a task of the connector has failed and returns its stack trace. */
    public String awaitFailure(String name, Duration timeout) {
        List<String> failures = new ArrayList<>();
        Waiting.until(
                "a failed task of " + name,
                timeout,
                () -> {
                    failures.addAll(failures(name));
                    return !failures.isEmpty();
                },
                () -> "last status: " + describeStatus(name));
        return failures.get(0);
    }

    /** The stack traces of those tasks that have failed. */
    public List<String> failures(String name) {
        List<String> traces = new ArrayList<>();
        for (JsonNode task : status(name).path("tasks")) {
            if ("FAILED".equals(task.path("state").asText())) {
                traces.add(task.path("trace").asText());
            }
        }
        return traces;
    }

    private String describeStatus(String name) {
        return status(name).toString();
    }

    private static int tasksIn(JsonNode status, String state) {
        int count = 0;
        for (JsonNode task : status.path("tasks")) {
            count += state.equals(task.path("state").asText()) ? 1 : 0;
        }
        return count;
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(node -> texts.add(node.asText()));
        return texts;
    }

    /** Sends a request and returns the answer; an error becomes a {@link RestException}. */
    public JsonNode call(String method, String path, @Nullable JsonNode body) {
        long deadline = System.nanoTime() + RETRY_TIMEOUT.toNanos();
        boolean unknown = false;
        while (System.nanoTime() - deadline < 0) {
            try {
                HttpResponse<String> response = exchange(method, path, body);
                if (!asksToTryAgain(response)) {
                    return result(method, path, response, unknown);
                }
                if (response.statusCode() == SERVER_ERROR) {
                    unknown = true;
                    System.out.println(
                            "the worker asks to try again: " + method + " " + path + " -> " + response.body());
                }
            } catch (ConnectException e) {
                throw new UncheckedIOException("nobody listens: " + method + " " + path, e);
            } catch (IOException e) {
                unknown = true;
                System.out.println("tried again without an answer: " + method + " " + path + " -> " + e);
            }
            LockSupport.parkNanos(RETRY_NS);
        }
        return result(method, path, send(method, path, body), unknown);
    }

    private static JsonNode result(String method, String path, HttpResponse<String> response, boolean unknown) {
        if (unknown && saysThatItIsDone(method, response)) {
            return MissingNode.getInstance();
        }
        if (response.statusCode() >= FIRST_ERROR) {
            throw new RestException(method + " " + path, response.statusCode(), response.body());
        }
        return parse(response.body());
    }

    private static boolean asksToTryAgain(HttpResponse<String> response) {
        return (response.statusCode() == CONFLICT && !saysThatItExists(response))
                || (response.statusCode() == SERVER_ERROR && response.body().contains("can be safely retried"));
    }

    /** Whether an earlier try of the request, of which it was not known, had happened. */
    private static boolean saysThatItIsDone(String method, HttpResponse<String> response) {
        return ("DELETE".equals(method) && response.statusCode() == NOT_FOUND)
                || ("POST".equals(method) && response.statusCode() == CONFLICT && saysThatItExists(response));
    }

    private static boolean saysThatItExists(HttpResponse<String> response) {
        return response.body().contains("already exists");
    }

    private HttpResponse<String> send(String method, String path, @Nullable JsonNode body) {
        try {
            return exchange(method, path, body);
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path + " failed", e);
        }
    }

    private HttpResponse<String> exchange(String method, String path, @Nullable JsonNode body) throws IOException {
        HttpRequest.BodyPublisher publisher = body == null
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(body.toString());
        HttpRequest request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(REQUEST_TIMEOUT)
                .header("Content-Type", "application/json")
                .method(method, publisher)
                .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static JsonNode parse(String body) {
        try {
            return body.isEmpty() ? MissingNode.getInstance() : JSON.readTree(body);
        } catch (IOException e) {
            throw new UncheckedIOException("not JSON: " + body, e);
        }
    }

    /** The worker refused a request. Immutable; thread-safe. */
    public static final class RestException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final int status;

        RestException(String request, int status, String body) {
            super(request + " -> " + status + " " + body);
            this.status = status;
        }

        /** The HTTP status. */
        public int status() {
            return status;
        }
    }
}
