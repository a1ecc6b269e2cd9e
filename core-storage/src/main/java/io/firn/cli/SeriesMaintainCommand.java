package io.firn.cli;

import io.firn.lifecycle.LifecycleStats;
import io.firn.series.Maintenance;
import io.firn.series.SeriesStore;
import io.firn.table.DurationText;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code firn series maintain}. Confined to one thread. */
@Command(
        name = "maintain",
        description = "Does what is due: blocks, compaction, retention, compression; and what the options say, in their"
                + " order here. No other process may have the store open for writing.")
final class SeriesMaintainCommand implements CliCommand {
    @Mixin
    private final SeriesArgument argument = new SeriesArgument();

    @Option(
            names = "--config",
            paramLabel = "<option>=<value>",
            description = "An option of the store, docs/series.md; may be repeated.")
    private Map<String, String> options = new LinkedHashMap<>();

    @Option(
            names = "--expire",
            paramLabel = "<age>",
            description = "Remove whole blocks whose newest sample is older, for example 90d.")
    private String expire = "";

    @Option(names = "--cut", description = "Make a block of everything that was written so far.")
    private boolean cut;

    @Option(names = "--compact", description = "Make as few blocks as possible, without what was deleted.")
    private boolean compact;

    @Option(names = "--compress", description = "Compress all blocks.")
    private boolean compress;

    @Option(names = "--decompress", description = "Decompress all blocks.")
    private boolean decompress;

    @Override
    public int run(CliContext context) {
        if (compress && decompress) {
            throw new UsageException("--compress and --decompress: choose one");
        }
        Optional<Duration> age = expire.isEmpty()
                ? Optional.empty()
                : Optional.of(UsageException.reading("--expire", () -> DurationText.parse(expire)));
        try (SeriesStore store = argument.change(options)) {
            Maintenance due = store.maintain();
            context.message((due.cut() ? 1 : 0) + " blocks made, " + due.compacted() + " compacted, " + due.expired()
                    + " expired, " + due.moved() + " changed their tier, " + due.failures() + " steps failed");
            boolean done = due.failures() == 0;
            age.ifPresent(limit -> context.message(store.expire(limit) + " blocks expired"));
            if (cut) {
                context.message(store.cut() ? "1 block made" : "nothing to make a block of");
            }
            if (compact) {
                context.message(store.compact() + " blocks made of others");
            }
            if (compress || decompress) {
                done &= report(context, compress ? store.compress() : store.decompress());
            }
            return done ? DONE : FAILED;
        }
    }

    private static boolean report(CliContext context, LifecycleStats stats) {
        context.message(stats.bytesBefore() + " bytes became " + stats.bytesAfter());
        stats.skipped().forEach(skipped -> context.message("firn: left for later: " + skipped));
        stats.errors().forEach(error -> context.message("firn: " + error));
        return stats.errors().isEmpty() && (stats.skipped().isEmpty() || stats.scannedSegments() > 0);
    }
}
