package io.firn.cli;

import io.firn.lifecycle.LifecycleRequest.Step;
import java.io.IOException;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code firn decompress}. Confined to one thread. */
@Command(name = "decompress", description = "Turns compressed files back into hot ones, byte for byte.")
final class DecompressCommand implements CliCommand {
    @Mixin
    private final LifecycleRun lifecycle = new LifecycleRun();

    @Override
    public int run(CliContext context) throws IOException {
        return lifecycle.run(context, Set.of(Step.DECOMPRESS));
    }
}
