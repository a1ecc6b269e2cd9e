package io.firn.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends requests to the first registry that answers. Thread-safe.
 *
 * <p>A registry that does not answer, or answers that it cannot at present (429, 5xx), is left for the next one; when
 * none is left, all are asked again after a pause, a bounded number of times and for a minute at most.
 */
final class RegistryHttp implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RegistryHttp.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SENT = "application/vnd.schemaregistry.v1+json";
    private static final String ACCEPTED =
            "application/vnd.schemaregistry.v1+json, application/vnd.schemaregistry+json, application/json";
    private static final long LONGEST_NS = Duration.ofMinutes(1).toNanos();
    private static final long LONGEST_PAUSE_NS = Duration.ofSeconds(1).toNanos();
    private static final int THREADS = 2;
    private static final int REDIRECT = 300;
    private static final int CLIENT_ERROR = 400;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;

    private final RegistrySettings settings;
    private final ThreadPoolExecutor threads;
    private final HttpClient client;
    private final LongSupplier nanoClock;
    /** The one that answered last. */
    private final AtomicInteger preferred = new AtomicInteger();

    /**
     * What came back.
     *
     * @param status of HTTP, below 500
     * @param body missing where there was none
     * @param request method and URL, for messages
     */
    record Answer(int status, JsonNode body, String request) {
        boolean isOk() {
            return status >= 200 && status < 300;
        }

        int errorCode() {
            return body.path("error_code").asInt(status);
        }

        String message() {
            String said = body.path("message").asText("");
            return said.isEmpty() ? "status " + status : said + " (" + errorCode() + ")";
        }
    }

    RegistryHttp(RegistrySettings settings, LongSupplier nanoClock) {
        this.settings = settings;
        this.nanoClock = nanoClock;
        this.threads = threads();
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER) // credentials are for the host that was named
                .connectTimeout(settings.connectTimeout())
                .executor(threads);
        if (settings.usesTls()) {
            builder.sslContext(TlsContext.of(settings));
        }
        this.client = builder.build();
    }

    private static ThreadPoolExecutor threads() {
        ThreadPoolExecutor threads =
                new ThreadPoolExecutor(THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "firn-registry");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /** Where requests go, for messages. */
    String target() {
        return settings.urls().toString();
    }

    /**
     * Sends a request.
     *
     * @param path below the base, encoded, without a slash at its beginning
     * @param body null for a GET, else posted
     * @return an answer with a status below 500
     * @throws RegistryUnavailableException when nobody gave one
     */
    Answer send(String path, @Nullable JsonNode body) {
        List<RegistryUrls.Url> urls = settings.urls();
        long deadlineNs = nanoClock.getAsLong() + LONGEST_NS;
        long pauseNs = settings.pause().toNanos();
        String problem = "";
        @Nullable IOException cause = null;
        for (int round = 0; round < settings.rounds(); round++) {
            if (round > 0) {
                LockSupport.parkNanos(pauseNs);
                pauseNs = Math.min(pauseNs * 2, settings.pause().toNanos() + LONGEST_PAUSE_NS);
            }
            int first = preferred.get();
            for (int i = 0; i < urls.size(); i++) {
                int index = (first + i) % urls.size();
                try {
                    Answer answer = exchange(urls.get(index), path, body);
                    if (answer.status() < SERVER_ERROR && answer.status() != TOO_MANY_REQUESTS) {
                        preferred.set(index);
                        return answer;
                    }
                    problem = urls.get(index) + " answered " + answer.message();
                } catch (IOException e) {
                    cause = e;
                    problem = urls.get(index) + " does not answer (" + RegistryErrors.reason(e) + ")";
                }
                LOG.debug("registry is asked again: problem={} round={}", problem, round);
                if (nanoClock.getAsLong() - deadlineNs >= 0
                        || Thread.currentThread().isInterrupted()) {
                    throw unavailable(problem, cause);
                }
            }
        }
        throw unavailable(problem, cause);
    }

    private RegistryUnavailableException unavailable(String problem, @Nullable IOException cause) {
        return new RegistryUnavailableException(
                "The schema registry is not available: " + problem
                        + ". Asked " + target() + "; check " + RegistryOption.URL.key()
                        + " and whether the registry is up.",
                cause);
    }

    private Answer exchange(RegistryUrls.Url url, String path, @Nullable JsonNode body) throws IOException {
        URI uri = url.base().resolve(path);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).timeout(settings.readTimeout()).header("Accept", ACCEPTED);
        settings.authorization(url).ifPresent(value -> request.header("Authorization", value));
        if (body != null) {
            request.header("Content-Type", SENT).POST(BodyPublishers.ofString(body.toString()));
        }
        try {
            HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
            String shown = (body == null ? "GET " : "POST ") + uri;
            requireNoRedirect(response, url);
            return new Answer(response.statusCode(), json(response, uri), shown);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RegistryUnavailableException(
                    "Waiting for the schema registry at " + url + " was interrupted.", e);
        }
    }

    private static void requireNoRedirect(HttpResponse<?> response, RegistryUrls.Url url) {
        int status = response.statusCode();
        if (status >= REDIRECT && status < CLIENT_ERROR) {
            String to = response.headers().firstValue("Location").orElse("nowhere");
            throw new RegistryRefusedException(
                    "The schema registry at " + url + " sends its clients to " + to + " (status " + status
                            + "), where credentials are not sent unasked: if that is the registry, set "
                            + RegistryOption.URL.key() + " to it.",
                    status,
                    status);
        }
    }

    /** A proxy's error page is no JSON; an answer that should be some and is none comes from no registry. */
    private static JsonNode json(HttpResponse<byte[]> response, URI uri) throws IOException {
        boolean isError = response.statusCode() >= CLIENT_ERROR;
        if (response.body().length == 0) {
            return MissingNode.getInstance();
        }
        try {
            return JSON.readTree(response.body());
        } catch (JsonProcessingException e) {
            if (isError) {
                return MissingNode.getInstance();
            }
            String begin = new String(response.body(), 0, Math.min(80, response.body().length), StandardCharsets.UTF_8);
            throw new IOException("no registry answers at " + uri + ", but something that says '" + begin + "'", e);
        }
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
