package io.firn.cli;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.firn.series.Labels;
import io.firn.series.SeriesType;
import io.firn.series.TimestampUnit;
import java.io.IOException;
import java.util.Locale;

/**
 * Prints samples as lines. Values are the shortest decimal numbers that are read back to the same double; those that
 * are no numbers are {@code NaN}, {@code +Inf} and {@code -Inf}, in JSON as texts. Confined to one thread.
 */
final class SamplePrinter {
    private final Output out;
    private final SeriesSelectCommand.Format format;
    private final TimestampUnit unit;
    private String prefix = "";

    SamplePrinter(Output out, SeriesSelectCommand.Format format, TimestampUnit unit) {
        this.out = out;
        this.format = format;
        this.unit = unit;
        if (format == SeriesSelectCommand.Format.PROMETHEUS && unit != TimestampUnit.MILLIS) {
            throw new UsageException("--format prometheus has timestamps in milliseconds, those of this store are in "
                    + unit.text() + ": use csv or jsonl");
        }
    }

    void begin() throws IOException {
        if (format == SeriesSelectCommand.Format.CSV) {
            out.line("series,timestamp_" + unit.text() + ",value");
        }
    }

    /** The samples of another series follow. */
    void series(Labels labels, SeriesType type) {
        prefix = switch (format) {
            case CSV -> '"' + labelText(labels).replace("\"", "\"\"") + "\",";
            case PROMETHEUS -> labelText(labels) + ' ';
            case JSONL ->
                "{\"labels\":" + jsonOf(labels) + ",\"type\":\"" + type.name().toLowerCase(Locale.ROOT)
                        + "\",\"timestamp\":";
        };
    }

    void sample(long timestamp, double value) throws IOException {
        switch (format) {
            case CSV -> out.line(prefix + timestamp + ',' + text(value));
            case PROMETHEUS -> out.line(prefix + text(value) + ' ' + timestamp);
            case JSONL -> {
                String quote = Double.isFinite(value) ? "" : "\"";
                out.line(prefix + timestamp + ",\"value\":" + quote + text(value) + quote + '}');
            }
        }
    }

    void end() throws IOException {
        out.flush();
    }

    private static String text(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        String text = Double.toString(value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    /** The labels as Prometheus writes a series. */
    private static String labelText(Labels labels) {
        StringBuilder text = new StringBuilder();
        String name = labels.get(Labels.NAME).orElse("");
        boolean plain = name.matches("[a-zA-Z_:][a-zA-Z0-9_:]*");
        text.append(plain ? name : "").append(plain && labels.size() == 1 ? "" : "{");
        int written = 0;
        for (int i = 0; i < labels.size(); i++) {
            boolean isName = labels.name(i).equals(Labels.NAME);
            if (isName && plain) {
                continue;
            }
            text.append(written++ == 0 ? "" : ",");
            if (!isName) {
                boolean plainLabel = labels.name(i).matches("[a-zA-Z_][a-zA-Z0-9_]*");
                text.append(plainLabel ? labels.name(i) : quoted(labels.name(i)))
                        .append('=');
            }
            text.append(quoted(labels.value(i)));
        }
        return text.append(plain && labels.size() == 1 ? "" : "}").toString();
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }

    private static String jsonOf(Labels labels) {
        StringBuilder json = new StringBuilder("{");
        for (int i = 0; i < labels.size(); i++) {
            json.append(i == 0 ? "" : ",")
                    .append(json(labels.name(i)))
                    .append(':')
                    .append(json(labels.value(i)));
        }
        return json.append('}').toString();
    }

    private static String json(String text) {
        return '"' + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
    }
}
