package io.firn.cli;

import io.firn.lifecycle.LifecycleRequest.Step;
import java.io.IOException;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code firn compress}. Confined to one thread. */
@Command(
        name = "compress",
        description = "Settles, and compresses every file; the content of each is verified before the original goes.")
final class CompressCommand implements CliCommand {
    @Mixin
    private final LifecycleRun lifecycle = new LifecycleRun();

    @Option(names = "--policy", description = "Only what is due by the options of the table and by --config.")
    private boolean policy;

    @Mixin
    private final CompressionConfigOption config = new CompressionConfigOption();

    @Override
    public int run(CliContext context) throws IOException {
        return lifecycle.run(context, Set.of(Step.SETTLE, Step.COMPRESS), policy, config::override);
    }
}
