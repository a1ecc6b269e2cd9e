package io.firn.connect.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.metrics.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A part of a page between {@code <!-- name:begin -->} and {@code <!-- name:end -->} that is made of code; written when
 * {@code -Dfirn.update.docs=true} is set. Thread-safe: no state.
 */
public final class GeneratedSection {
    private GeneratedSection() {}

    /** Compares the part of a page with what it must be. */
    public static void check(Path page, String name, String expected) throws IOException {
        String text = Files.readString(page);
        String begin = "<!-- " + name + ":begin -->\n";
        String end = "<!-- " + name + ":end -->";
        int from = text.indexOf(begin) + begin.length();
        int to = text.indexOf(end);
        assertThat(from).as("%s has the marks of %s", page, name).isBetween(begin.length(), to);
        if (Boolean.getBoolean("firn.update.docs")) {
            Files.writeString(page, text.substring(0, from) + expected + text.substring(to));
        }
        assertThat(Files.readString(page)).contains(begin + expected + end);
    }

    /** Metrics as a table of Markdown. */
    public static String table(List<Metric> metrics) {
        StringBuilder table = new StringBuilder("| metric | meaning |\n|---|---|\n");
        metrics.forEach(metric -> table.append("| `")
                .append(metric.name())
                .append("` | ")
                .append(metric.meaning())
                .append(" |\n"));
        return table.toString();
    }
}
