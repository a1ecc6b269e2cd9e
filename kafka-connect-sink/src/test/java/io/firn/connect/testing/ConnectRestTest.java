package io.firn.connect.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a worker says that it cannot do just now, or does not answer, is asked of it again. */
class ConnectRestTest {
    private static final Answer LOST_WRITE = new Answer(
            500,
            "Failed to write to config topic; this may be due to a transient error and the request can be safely retried");
    private static final Answer REBALANCE =
            new Answer(409, "Cannot complete request because of a conflicting operation" + " (e.g. worker rebalance)");
    private static final Answer STALE = new Answer(
            409,
            "Cannot complete request momentarily due to stale configuration"
                    + " (typically caused by a concurrent config change)");
    /** The connection is closed instead. */
    private static final Answer NONE = new Answer(0, "");

    private static final Answer DONE = new Answer(204, "");
    private static final Answer UNKNOWN = new Answer(404, "Connector c not found");
    private static final Answer TAKEN = new Answer(409, "Connector c already exists");

    private record Answer(int status, String message) {}

    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private HttpServer worker;

    @BeforeEach
    void start() throws IOException {
        worker = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        worker.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            Answer answer = answers.remove();
            if (answer.equals(NONE)) {
                exchange.close();
                return;
            }
            byte[] body = ("{\"message\":\"" + answer.message() + "\"}").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), answer.status() == 204 ? -1 : body.length);
            try (exchange) {
                if (answer.status() != 204) {
                    exchange.getResponseBody().write(body);
                }
            }
        });
        worker.start();
    }

    @AfterEach
    void stop() {
        worker.stop(0);
        assertThat(answers).isEmpty();
    }

    private ConnectRest rest(Answer... inTurn) {
        answers.addAll(List.of(inTurn));
        return new ConnectRest(
                URI.create("http://127.0.0.1:" + worker.getAddress().getPort()));
    }

    @Test
    void whatTheWorkerAsksToTryAgainIsTriedAgain() {
        rest(REBALANCE, LOST_WRITE, REBALANCE, DONE).delete("c");
        rest(LOST_WRITE, DONE).create("c", Map.of());
        rest(STALE, REBALANCE, STALE, DONE).resume("c");
        rest(STALE, DONE).create("c", Map.of());
    }

    @Test
    void whatIsNotAnsweredIsTriedAgain() {
        rest(NONE, DONE).create("c", Map.of());
        rest(NONE, STALE, NONE, DONE).delete("c");
        rest(NONE, DONE).putConfig("c", Map.of());
    }

    @Test
    void aTryWhoseAnswerWasLostMayHaveHappened() {
        rest(LOST_WRITE, UNKNOWN).delete("c");
        rest(LOST_WRITE, TAKEN).create("c", Map.of());
        rest(NONE, UNKNOWN).delete("c");
        rest(NONE, STALE, TAKEN).create("c", Map.of());
    }

    @Test
    void aWorkerThatIsGoneIsNotWaitedFor() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        ConnectRest gone = new ConnectRest(URI.create("http://127.0.0.1:" + port));
        assertThatThrownBy(gone::connectors)
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("nobody listens");
    }

    @Test
    void everyOtherRefusalIsAnError() {
        assertThatThrownBy(() -> rest(UNKNOWN).delete("c")).hasMessageContaining("404");
        assertThatThrownBy(() -> rest(REBALANCE, UNKNOWN).delete("c")).hasMessageContaining("404");
        assertThatThrownBy(() -> rest(STALE, UNKNOWN).delete("c")).hasMessageContaining("404");
        assertThatThrownBy(() -> rest(STALE, TAKEN).create("c", Map.of())).hasMessageContaining("already exists");
        assertThatThrownBy(() -> rest(NONE, UNKNOWN).resume("c")).hasMessageContaining("404");
        assertThatThrownBy(() -> rest(TAKEN).create("c", Map.of())).hasMessageContaining("already exists");
        assertThatThrownBy(() -> rest(LOST_WRITE, UNKNOWN).resume("c")).hasMessageContaining("404");
        assertThatThrownBy(() -> rest(new Answer(500, "Out of memory")).resume("c"))
                .isInstanceOf(ConnectRest.RestException.class)
                .hasMessageContaining("Out of memory");
    }
}
