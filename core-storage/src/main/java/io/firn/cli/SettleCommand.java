package io.firn.cli;

import io.firn.lifecycle.LifecycleRequest.Step;
import java.io.IOException;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code firn settle}. Confined to one thread. */
@Command(
        name = "settle",
        description = "Brings committed records from the writers' hot files into files of their partition.")
final class SettleCommand implements CliCommand {
    @Mixin
    private final LifecycleRun lifecycle = new LifecycleRun();

    @Option(names = "--policy", description = "Only what is due by the options of the table.")
    private boolean policy;

    @Override
    public int run(CliContext context) throws IOException {
        return lifecycle.run(context, Set.of(Step.SETTLE), policy);
    }
}
