package io.firn.cli;

import io.firn.lifecycle.LifecycleOptions;
import picocli.CommandLine.Option;

/** Option {@code --bytes-per-second} of the commands that rewrite files or read all of them. Confined to one thread. */
final class RateOption {
    @Option(
            names = "--bytes-per-second",
            paramLabel = "<size>",
            description = "Read and write at most so much in a second, for example 20MiB; without it, no limit.")
    private String bytesPerSecond = "-1";

    LifecycleOptions applyTo(LifecycleOptions options) {
        return UsageException.reading("--bytes-per-second", () -> options.withBytesPerSecond(bytesPerSecond));
    }
}
