package io.firn.cli;

import io.firn.lifecycle.LifecycleRequest;
import io.firn.lifecycle.LifecycleStats;
import io.firn.lifecycle.RetentionLimits;
import io.firn.table.ByteSize;
import io.firn.table.DurationText;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code firn expire}. Confined to one thread. */
@Command(
        name = "expire",
        description = "Removes for ever the partitions whose newest record is too old, and the oldest ones while the"
                + " table is too large; without limits here by the table's retention.ms and retention.bytes.")
final class ExpireCommand implements CliCommand {
    @Mixin
    private final TableSelection selection = new TableSelection();

    @Option(
            names = "--older-than",
            paramLabel = "<duration>",
            description = "Partitions whose newest record is older, by its timestamp; for example 30d or 12h.")
    private String olderThan = "";

    @Option(
            names = "--max-bytes",
            paramLabel = "<size>",
            description = "The oldest partitions until the table has at most this size, for example 100GiB; the newest"
                    + " partition stays.")
    private String maxBytes = "";

    @Mixin
    private final RemovalRun removal = new RemovalRun();

    @Override
    public int run(CliContext context) throws IOException {
        try (Table table = selection.open(context)) {
            RetentionLimits limits = limits(table.config());
            if (limits.isNone()) {
                throw new UsageException("this table keeps everything for ever: give --older-than or --max-bytes, or"
                        + " set retention.ms or retention.bytes");
            }
            LifecycleRequest request = LifecycleRequest.expire(limits).where(selection.partitions(table));
            LifecycleStats stats = removal.run(context, table, request);
            boolean kept = stats.isIdle()
                    && stats.scannedSegments() == 0
                    && !stats.skipped().isEmpty();
            return stats.errors().isEmpty() && !kept ? DONE : FAILED;
        }
    }

    private RetentionLimits limits(TableConfig config) {
        if (olderThan.isEmpty() && maxBytes.isEmpty()) {
            return new RetentionLimits(config.retention(), config.retentionBytes());
        }
        Optional<Duration> age = olderThan.isEmpty()
                ? Optional.empty()
                : Optional.of(UsageException.reading("--older-than", () -> DurationText.parse(olderThan)));
        OptionalLong size = maxBytes.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(UsageException.reading("--max-bytes", () -> ByteSize.parse(maxBytes)));
        return new RetentionLimits(age, size);
    }
}
