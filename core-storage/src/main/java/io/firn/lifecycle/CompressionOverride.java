package io.firn.lifecycle;

import io.firn.error.ConfigException;
import io.firn.segment.CompressionOptions;
import io.firn.table.CompressionPolicy;
import io.firn.table.TableConfig;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a process does otherwise than the options of its tables say; nothing of it is stored.
 *
 * @param policy stands for {@code compression.policy}, also one that is only known to this process
 * @param level stands for {@code compression.level}, 1 to 22
 * @param blockSizeBytes stands for {@code compression.block.size}, 4 KiB to 1 GiB
 */
public record CompressionOverride(Optional<CompressionPolicy> policy, OptionalInt level, OptionalInt blockSizeBytes) {
    /** All as the tables say. */
    public static final CompressionOverride NONE =
            new CompressionOverride(Optional.empty(), OptionalInt.empty(), OptionalInt.empty());

    /** Checks the numbers. */
    public CompressionOverride {
        try {
            CompressionOptions defaults = CompressionOptions.defaults();
            new CompressionOptions(blockSizeBytes.orElse(defaults.blockSizeBytes()), level.orElse(defaults.level()));
        } catch (IllegalArgumentException invalid) {
            throw new ConfigException(String.valueOf(invalid.getMessage()), invalid);
        }
    }

    CompressionPolicy policyOf(TableConfig config) {
        return policy.orElse(config.compressionPolicy());
    }

    CompressionOptions optionsOf(TableConfig config) {
        return new CompressionOptions(
                blockSizeBytes.orElse(config.compressionBlockSizeBytes()), level.orElse(config.compressionLevel()));
    }
}
