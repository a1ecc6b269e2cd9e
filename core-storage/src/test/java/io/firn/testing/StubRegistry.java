package io.firn.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * A schema registry in this process that speaks the Confluent REST protocol, keeps everything in memory, and can be
 * told to fail. Thread-safe.
 */
public final class StubRegistry implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ANY_PORT = 0;
    private static final Duration BIND_TIMEOUT = Duration.ofSeconds(30);
    private static final long BIND_PAUSE_NS = Duration.ofMillis(50).toNanos();

    private final @Nullable SSLContext tls;
    private final int firstId;
    private final List<JsonNode> schemas = new ArrayList<>();
    private final Map<String, List<Integer>> subjects = new LinkedHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private @Nullable HttpServer server;
    private int port;
    private int failures;
    private int failureStatus;
    private String authorization = "";
    private String readOnlySubject = "";
    private String elsewhere = "";

    private StubRegistry(int firstId, @Nullable SSLContext tls) {
        this.firstId = firstId;
        this.tls = tls;
    }

    /** Starts a registry whose first schema gets an id. */
    public static StubRegistry start(int firstId) {
        StubRegistry registry = new StubRegistry(firstId, null);
        registry.up();
        return registry;
    }

    /** Starts a registry that speaks TLS and wants to see a client's certificate. */
    public static StubRegistry startTls(SSLContext tls) {
        StubRegistry registry = new StubRegistry(1, tls);
        registry.up();
        return registry;
    }

    /** Base URL; stays the same when the registry is down for a while. */
    public String url() {
        return (tls == null ? "http" : "https") + "://localhost:" + port;
    }

    /** What was asked, for example {@code GET /schemas/ids/1}. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /** The next requests are answered with a status and a text that is no JSON. */
    public synchronized void failNext(int count, int status) {
        failures = count;
        failureStatus = status;
    }

    /** Answers 401 unless a request has this header. */
    public synchronized void requireAuthorization(String header) {
        authorization = header;
    }

    /** Sends everybody to another URL. */
    public synchronized void redirectTo(String url) {
        elsewhere = url;
    }

    /** Answers 409 to new schemas of a subject. */
    public synchronized void refuseNewSchemasOf(String subject) {
        readOnlySubject = subject;
    }

    /** Registers a schema without HTTP. */
    public synchronized int register(String subject, String schema) {
        return add(subject, JSON.createObjectNode().put("schema", schema));
    }

    /** The subjects, in the order in which they came. */
    public synchronized List<String> subjects() {
        return List.copyOf(subjects.keySet());
    }

    /** Nobody listens any more. */
    public synchronized void down() {
        if (server != null) {
            server.stop(0);
            server = null;
        }
    }

    /** Listens again, on the same port, with what it knew; does nothing when it listens. */
    public synchronized void up() {
        if (server != null) {
            return;
        }
        HttpServer started = bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port == 0 ? ANY_PORT : port));
        started.setExecutor(threads);
        started.createContext("/", this::handle);
        started.start();
        port = started.getAddress().getPort();
        server = started;
    }

    /** Somebody else may have a port for a while that was released. */
    private HttpServer bind(InetSocketAddress address) {
        long deadline = System.nanoTime() + BIND_TIMEOUT.toNanos();
        while (true) {
            try {
                return tls == null ? HttpServer.create(address, 0) : https(address, tls);
            } catch (BindException e) {
                if (System.nanoTime() - deadline > 0 || Thread.currentThread().isInterrupted()) {
                    throw new UncheckedIOException(e);
                }
                LockSupport.parkNanos(BIND_PAUSE_NS);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static HttpsServer https(InetSocketAddress address, SSLContext context) throws IOException {
        HttpsServer created = HttpsServer.create(address, 0);
        created.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters wanted = context.getDefaultSSLParameters();
                wanted.setNeedClientAuth(true);
                parameters.setSSLParameters(wanted);
            }
        });
        return created;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getRawPath();
            requests.add(exchange.getRequestMethod() + " " + path);
            byte[] sent = exchange.getRequestBody().readAllBytes();
            String header = exchange.getRequestHeaders().getFirst("Authorization");
            Answer answer = answer(exchange.getRequestMethod(), path, sent, header == null ? "" : header);
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            if (answer.status() == 307) {
                exchange.getResponseHeaders().add("Location", answer.body() + path);
            }
            exchange.getResponseHeaders().add("Content-Type", "application/vnd.schemaregistry.v1+json");
            exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private record Answer(int status, String body) {
        static Answer error(int status, int code, String message) {
            return new Answer(
                    status,
                    JSON.createObjectNode()
                            .put("error_code", code)
                            .put("message", message)
                            .toString());
        }
    }

    private synchronized Answer answer(String method, String path, byte[] sent, String header) throws IOException {
        if (!elsewhere.isEmpty()) {
            return new Answer(307, elsewhere);
        }
        if (failures > 0) {
            failures--;
            return new Answer(failureStatus, "<html>out of order</html>");
        }
        if (!authorization.isEmpty() && !authorization.equals(header)) {
            return Answer.error(401, 40101, "Unauthorized");
        }
        List<String> parts = new ArrayList<>();
        for (String part : path.substring(1).split("/", -1)) {
            parts.add(URLDecoder.decode(part, StandardCharsets.UTF_8));
        }
        if (path.equals("/schemas/types")) {
            return new Answer(200, "[\"AVRO\",\"JSON\",\"PROTOBUF\"]");
        }
        if (path.startsWith("/schemas/ids/")) {
            return schemaOf(Integer.parseInt(parts.get(2)), parts.size() > 3);
        }
        if (!parts.get(0).equals("subjects") || parts.size() < 2) {
            return new Answer(404, "");
        }
        return method.equals("POST")
                ? post(parts, JSON.readTree(sent))
                : get(parts.get(1), parts.subList(2, parts.size()));
    }

    private Answer schemaOf(int id, boolean places) {
        int index = id - firstId;
        if (index < 0 || index >= schemas.size()) {
            return Answer.error(404, 40403, "Schema not found");
        }
        if (!places) {
            return new Answer(200, schemas.get(index).toString());
        }
        ArrayNode found = JSON.createArrayNode();
        subjects.forEach((subject, ids) -> {
            if (ids.contains(id)) {
                found.addObject().put("subject", subject).put("version", ids.indexOf(id) + 1);
            }
        });
        return new Answer(200, found.toString());
    }

    private Answer post(List<String> parts, JsonNode sent) {
        String subject = parts.get(1);
        for (JsonNode reference : sent.path("references")) {
            List<Integer> versions =
                    subjects.getOrDefault(reference.path("subject").asText(), List.of());
            if (reference.path("version").asInt() > versions.size()) {
                return Answer.error(422, 42201, "Invalid schema: no such reference " + reference);
            }
        }
        if (parts.size() == 2) {
            return lookUp(subject, sent);
        }
        if (subject.equals(readOnlySubject)) {
            return Answer.error(409, 409, "Schema being registered is incompatible with an earlier schema");
        }
        return new Answer(
                200, JSON.createObjectNode().put("id", add(subject, sent)).toString());
    }

    private Answer lookUp(String subject, JsonNode sent) {
        List<Integer> ids = subjects.get(subject);
        int index = schemas.indexOf(normal(sent));
        if (ids == null) {
            return Answer.error(404, 40401, "Subject '" + subject + "' not found.");
        }
        return index < 0 || !ids.contains(firstId + index)
                ? Answer.error(404, 40403, "Schema not found")
                : version(subject, ids.indexOf(firstId + index) + 1);
    }

    private Answer get(String subject, List<String> rest) {
        List<Integer> ids = subjects.get(subject);
        if (ids == null) {
            return Answer.error(404, 40401, "Subject '" + subject + "' not found.");
        }
        if (rest.size() == 1) {
            return new Answer(
                    200, IntStream.rangeClosed(1, ids.size()).boxed().toList().toString());
        }
        int version = Integer.parseInt(rest.get(1));
        return version > ids.size() ? Answer.error(404, 40402, "Version not found.") : version(subject, version);
    }

    private Answer version(String subject, int version) {
        int id = subjects.getOrDefault(subject, List.of()).get(version - 1);
        ObjectNode found = schemas.get(id - firstId).deepCopy();
        found.put("subject", subject).put("version", version).put("id", id);
        return new Answer(200, found.toString());
    }

    private int add(String subject, JsonNode sent) {
        JsonNode schema = normal(sent);
        if (!schemas.contains(schema)) {
            schemas.add(schema);
        }
        int id = firstId + schemas.indexOf(schema);
        List<Integer> ids = subjects.computeIfAbsent(subject, any -> new ArrayList<>());
        if (!ids.contains(id)) {
            ids.add(id);
        }
        return id;
    }

    /** What a registry keeps: the type only where it is not Avro, references only where there are some. */
    private static JsonNode normal(JsonNode sent) {
        ObjectNode kept = JSON.createObjectNode();
        kept.put("schema", sent.path("schema").asText());
        String type = sent.path("schemaType").asText("AVRO");
        if (!type.equals("AVRO")) {
            kept.put("schemaType", type);
        }
        if (!sent.path("references").isEmpty()) {
            kept.set("references", sent.path("references"));
        }
        return kept;
    }

    @Override
    public synchronized void close() {
        down();
        threads.shutdownNow();
    }
}
