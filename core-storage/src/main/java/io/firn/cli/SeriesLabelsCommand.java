package io.firn.cli;

import io.firn.series.LabelMatcher;
import io.firn.series.SelectorText;
import io.firn.series.SeriesCursor;
import io.firn.series.SeriesReader;
import io.firn.series.TimeRange;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code firn series labels}. Confined to one thread. */
@Command(
        name = "labels",
        description = "Prints the names of all labels, or the values of one; those of deleted samples until"
                + " compaction, but not with --match.")
final class SeriesLabelsCommand implements CliCommand {
    @Mixin
    private final SeriesArgument argument = new SeriesArgument();

    @Parameters(index = "1", arity = "0..1", paramLabel = "<name>", description = "The label whose values are wanted.")
    private String name = "";

    @Option(
            names = "--match",
            paramLabel = "<selection>",
            description = "Only of series with samples that fulfil this, as in 'firn series select'.")
    private String match = "";

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public int run(CliContext context) throws IOException {
        try (SeriesReader reader = argument.read()) {
            Set<String> texts = match.isEmpty() ? all(reader) : matching(reader);
            if (json) {
                JsonText.print(context, fields -> JsonText.strings(fields, name.isEmpty() ? "names" : "values", texts));
            } else {
                for (String text : texts) {
                    context.output().line(text);
                }
            }
        }
        return DONE;
    }

    private Set<String> all(SeriesReader reader) {
        return name.isEmpty() ? reader.labelNames() : reader.labelValues(name);
    }

    private Set<String> matching(SeriesReader reader) {
        List<LabelMatcher> matchers = UsageException.reading("--match", () -> SelectorText.parse(match));
        Set<String> texts = new TreeSet<>();
        try (SeriesCursor series = reader.select(matchers, TimeRange.ALL)) {
            while (series.next()) {
                if (name.isEmpty()) {
                    texts.addAll(series.labels().toMap().keySet());
                } else {
                    series.labels().get(name).ifPresent(texts::add);
                }
            }
        }
        return texts;
    }
}
