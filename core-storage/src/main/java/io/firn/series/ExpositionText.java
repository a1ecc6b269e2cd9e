package io.firn.series;

import io.firn.error.InvalidRecordException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads samples from lines of the text formats that metrics are exposed in: Prometheus (timestamps are whole
 * milliseconds) and OpenMetrics (timestamps are decimal seconds). Sources: Prometheus text format 0.0.4, OpenMetrics
 * 1.0.
 *
 * <p>A line is {@code name{label="value",...} value [timestamp]}; a sample without a timestamp gets that of reading. Of
 * comments {@code # TYPE} is understood; exemplars and all other comments are skipped. An empty label counts as absent.
 * Confined to one thread.
 */
public final class ExpositionText {
    private static final List<String> SUFFIXES = List.of("_total", "_bucket", "_count", "_sum", "_created");
    private static final long MS_PER_SECOND = 1_000;

    private final boolean openMetrics;
    private final TimestampUnit unit;
    private final Map<String, SeriesType> types = new HashMap<>();
    private String line = "";
    private int at;
    private boolean ended;

    /**
     * Begins a text.
     *
     * @param openMetrics whether timestamps are seconds, and {@code # EOF} is the end
     * @param unit of the timestamps that are made
     */
    public ExpositionText(boolean openMetrics, TimestampUnit unit) {
        this.openMetrics = openMetrics;
        this.unit = unit;
    }

    /** Whether the text said that it ends. */
    public boolean isEnded() {
        return ended;
    }

    /**
     * Reads a line.
     *
     * @param text without its line feed
     * @param nowMs timestamp of a sample that has none, milliseconds
     * @param batch gets the sample, if there is one
     * @throws InvalidRecordException when it is none of what such a text has
     */
    public void read(String text, long nowMs, SeriesBatch batch) {
        line = text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
        at = 0;
        skipSpace();
        if (at == line.length()) {
            return;
        }
        if (line.charAt(at) == '#') {
            comment();
            return;
        }
        List<String> pairs = new ArrayList<>();
        String name = name();
        if (!name.isEmpty()) {
            pairs.add(Labels.NAME);
            pairs.add(name);
        }
        skipSpace();
        if (takes('{')) {
            labels(pairs);
        }
        if (pairs.isEmpty()) {
            throw wrong("expected a name or labels");
        }
        double value = SampleNumber.value(word("a value"));
        String timestamp = word("");
        if (!timestamp.isEmpty() && timestamp.charAt(0) != '#') {
            expectEnd();
        }
        Labels labels = Labels.of(pairs.toArray(String[]::new));
        batch.add(labels, typeOf(labels.get(Labels.NAME).orElse("")), timestamp(timestamp, nowMs), value);
    }

    private long timestamp(String text, long nowMs) {
        if (text.isEmpty() || text.charAt(0) == '#') {
            return unit.ofMillis(nowMs);
        }
        if (!openMetrics && text.indexOf('.') >= 0) {
            throw new InvalidRecordException("the time '" + text + "' is not a whole number of milliseconds; read"
                    + " seconds with the format openmetrics");
        }
        return SampleNumber.timestamp(text, openMetrics ? 1 : MS_PER_SECOND, unit);
    }

    private void comment() {
        String[] words = line.substring(at + 1).strip().split("\\s+", -1);
        ended |= openMetrics && words[0].equals("EOF");
        if (words.length == 3 && words[0].equals("TYPE")) {
            types.put(words[1], type(words[2]));
        }
    }

    private static SeriesType type(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "counter" -> SeriesType.COUNTER;
            case "gauge", "stateset", "info" -> SeriesType.GAUGE;
            case "histogram", "gaugehistogram" -> SeriesType.HISTOGRAM;
            case "summary" -> SeriesType.SUMMARY;
            default -> SeriesType.UNTYPED;
        };
    }

    private SeriesType typeOf(String name) {
        SeriesType own = types.get(name);
        if (own != null) {
            return own;
        }
        for (String suffix : SUFFIXES) {
            if (name.endsWith(suffix)) {
                return types.getOrDefault(name.substring(0, name.length() - suffix.length()), SeriesType.UNTYPED);
            }
        }
        return SeriesType.UNTYPED;
    }

    private String name() {
        int start = at;
        while (at < line.length() && "{ \t=,\"".indexOf(line.charAt(at)) < 0) {
            at++;
        }
        return line.substring(start, at);
    }

    private void labels(List<String> pairs) {
        skipSpace();
        while (!takes('}')) {
            boolean quoted = at < line.length() && line.charAt(at) == '"';
            String name = quoted ? quoted() : name();
            skipSpace();
            if (quoted && at < line.length() && line.charAt(at) != '=') {
                pairs.add(Labels.NAME);
                pairs.add(name);
            } else {
                expect('=');
                skipSpace();
                String value = quoted();
                if (!value.isEmpty()) {
                    pairs.add(name);
                    pairs.add(value);
                }
            }
            skipSpace();
            if (!takes(',') && (at == line.length() || line.charAt(at) != '}')) {
                throw wrong("expected , or }");
            }
            skipSpace();
        }
    }

    private String quoted() {
        expect('"');
        StringBuilder text = new StringBuilder();
        while (at < line.length() && line.charAt(at) != '"') {
            char c = line.charAt(at++);
            text.append(c == '\\' ? escaped() : c);
        }
        expect('"');
        return text.toString();
    }

    private char escaped() {
        char c = at < line.length() ? line.charAt(at++) : '\0';
        return switch (c) {
            case 'n' -> '\n';
            case '\\', '"' -> c;
            default -> throw wrong("expected \\n, \\\\ or \\\"");
        };
    }

    /** The next text without spaces; none is an error when it is to be something. */
    private String word(String expected) {
        skipSpace();
        int start = at;
        while (at < line.length() && line.charAt(at) != ' ' && line.charAt(at) != '\t') {
            at++;
        }
        if (start == at && !expected.isEmpty()) {
            throw wrong("expected " + expected);
        }
        return line.substring(start, at);
    }

    /** Behind the timestamp an exemplar may follow, and nothing else. */
    private void expectEnd() {
        skipSpace();
        if (at < line.length() && line.charAt(at) != '#') {
            throw wrong("expected the end of the line");
        }
    }

    private boolean takes(char c) {
        boolean there = at < line.length() && line.charAt(at) == c;
        at += there ? 1 : 0;
        return there;
    }

    private void expect(char c) {
        if (!takes(c)) {
            throw wrong("expected " + c);
        }
    }

    private void skipSpace() {
        while (at < line.length() && (line.charAt(at) == ' ' || line.charAt(at) == '\t')) {
            at++;
        }
    }

    private InvalidRecordException wrong(String expected) {
        return new InvalidRecordException("at index " + at + ": " + expected
                + "; a line is name{label=\"value\"} value timestamp, for example up{job=\"a\"} 1 1700000000000");
    }
}
