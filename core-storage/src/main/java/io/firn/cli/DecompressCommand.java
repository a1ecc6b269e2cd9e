package io.firn.cli;

import io.firn.lifecycle.LifecycleRequest.Step;
import java.io.IOException;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code firn decompress}. Confined to one thread. */
@Command(name = "decompress", description = "Turns compressed files back into hot ones, byte for byte.")
final class DecompressCommand implements CliCommand {
    @Mixin
    private final LifecycleRun lifecycle = new LifecycleRun();

    /** There, to be refused with a remedy. */
    @Option(names = "--policy", hidden = true)
    private boolean policy;

    @Override
    public int run(CliContext context) throws IOException {
        if (policy) {
            throw new UsageException(
                    "--policy: no option of a table says that anything is due to be decompressed; choose"
                            + " partitions with --where, or leave it out to decompress all");
        }
        return lifecycle.run(context, Set.of(Step.DECOMPRESS), false);
    }
}
