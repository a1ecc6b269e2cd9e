package io.firn.cli;

import io.firn.series.LabelMatcher;
import io.firn.series.SelectorText;
import io.firn.series.TimeRange;
import io.firn.series.TimestampUnit;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The store, the series and the times that a command is about. Confined to one thread. */
final class SeriesSelection {
    @Mixin
    private final SeriesArgument argument = new SeriesArgument();

    @Parameters(
            index = "1",
            paramLabel = "<selection>",
            description = "As in Prometheus: 'name{label=\"value\",label=~\"expression\"}'.")
    private String selector = "";

    @Option(
            names = "--from",
            paramLabel = "<time>",
            description = "Samples from this time on; ISO 8601 or milliseconds.")
    private String from = "";

    @Option(names = "--to", paramLabel = "<time>", description = "Samples before this time.")
    private String to = "";

    /** The store. */
    SeriesArgument store() {
        return argument;
    }

    List<LabelMatcher> matchers() {
        return UsageException.reading("<selection>", () -> SelectorText.parse(selector));
    }

    TimeRange range(TimestampUnit unit) {
        long first = from.isEmpty() ? Long.MIN_VALUE : time("--from", from, unit);
        long end = to.isEmpty() ? Long.MAX_VALUE : time("--to", to, unit);
        return UsageException.reading("--from, --to", () -> new TimeRange(first, end));
    }

    /** The first moment of the store's unit that is not before the given one. */
    private static long time(String option, String text, TimestampUnit unit) {
        return unit.ceilingOfNanos(TimeText.parseNs(option, text));
    }
}
