package io.firn.examples.flink;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.api.common.JobID;

/** What a JobManager says over HTTP; every call fails while none is there. Thread-safe. */
final class FlinkRest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Pattern STATE = Pattern.compile("\"state\":\"([A-Z]+)\"");
    private static final Pattern COMPLETED = Pattern.compile("\"completed\":([0-9]+)");
    private static final Pattern RESTORED = Pattern.compile("\"restored\":([0-9]+)");
    private static final Pattern RUNNING_TASKS = Pattern.compile("\"running\":([0-9]+)");
    private static final Pattern TASKS = Pattern.compile("\"total\":([0-9]+)");

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final int port;

    FlinkRest(int port) {
        this.port = port;
    }

    /** State of a job, for example RUNNING. */
    String state(JobID job) throws IOException, InterruptedException {
        return all(STATE, get("/jobs/" + job)).get(0);
    }

    /** Whether all tasks of a job run. */
    boolean runs(JobID job) throws IOException, InterruptedException {
        String overview = get("/jobs/overview");
        int start = overview.indexOf(job.toHexString());
        String tasks = overview.substring(Math.max(0, start));
        return start >= 0
                && all(TASKS, tasks).get(0).equals(all(RUNNING_TASKS, tasks).get(0));
    }

    /** Checkpoints of a job that this JobManager has seen complete. */
    int checkpoints(JobID job) throws IOException, InterruptedException {
        return Integer.parseInt(
                all(COMPLETED, get("/jobs/" + job + "/checkpoints")).get(0));
    }

    /** How often the present JobManager has restored a job from a checkpoint. */
    int restored(JobID job) throws IOException, InterruptedException {
        return Integer.parseInt(
                all(RESTORED, get("/jobs/" + job + "/checkpoints")).get(0));
    }

    /** Why a job has failed, as far as the JobManager knows. */
    String exceptions(JobID job) throws IOException, InterruptedException {
        return get("/jobs/" + job + "/exceptions");
    }

    private String get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(TIMEOUT)
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(path + " answers " + response.statusCode() + ": " + response.body());
        }
        return response.body();
    }

    private static List<String> all(Pattern pattern, String text) throws IOException {
        Matcher matcher = pattern.matcher(text);
        List<String> found =
                matcher.results().map((MatchResult result) -> result.group(1)).toList();
        if (found.isEmpty()) {
            throw new IOException("nothing like " + pattern + " in " + text);
        }
        return found;
    }
}
