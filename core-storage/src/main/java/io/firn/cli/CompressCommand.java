package io.firn.cli;

import io.firn.lifecycle.LifecycleRequest.Step;
import java.io.IOException;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code firn compress}. Confined to one thread. */
@Command(
        name = "compress",
        description = "Settles, and compresses every file; the content of each is verified before the original goes.")
final class CompressCommand implements CliCommand {
    @Mixin
    private final LifecycleRun lifecycle = new LifecycleRun();

    @Mixin
    private final CompressionConfigOption config = new CompressionConfigOption();

    @Override
    public int run(CliContext context) throws IOException {
        return lifecycle.run(context, Set.of(Step.SETTLE, Step.COMPRESS), config::override);
    }
}
