package io.firn.cli;

import picocli.CommandLine.Command;

/** {@code firn series}: the commands about numeric streams. Confined to one thread. */
@Command(
        name = "series",
        synopsisSubcommandLabel = "<command>",
        description = "Stores and reads numeric streams: samples of series that are named by labels.",
        subcommands = {
            SeriesWriteCommand.class,
            SeriesSelectCommand.class,
            SeriesLabelsCommand.class,
            SeriesStatsCommand.class,
            SeriesDeleteCommand.class,
            SeriesMaintainCommand.class
        })
final class SeriesCommand {}
