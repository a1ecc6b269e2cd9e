package io.firn.cli;

import io.firn.series.SeriesStore;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code firn series delete}. Confined to one thread. */
@Command(
        name = "delete",
        description = "Deletes samples; they are gone from the files after 'firn series maintain --compact'. No other"
                + " process may have the store open for writing.")
final class SeriesDeleteCommand implements CliCommand {
    @Mixin
    private final SeriesSelection selection = new SeriesSelection();

    @Override
    public int run(CliContext context) {
        try (SeriesStore store = selection.store().change(Map.of())) {
            store.delete(selection.matchers(), selection.range(store.timestampUnit()));
        }
        context.message("deleted");
        return DONE;
    }
}
