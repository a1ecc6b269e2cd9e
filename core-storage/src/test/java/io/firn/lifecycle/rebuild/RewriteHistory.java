package io.firn.lifecycle.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.error.FirnException;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.lifecycle.WrittenTable;
import io.firn.testing.CrashFileStore;
import io.firn.testing.SimulatedCrash;
import java.util.random.RandomGenerator;

/** What may have happened to a table before its logs are lost: writes, and rewrites of any kind in between. */
final class RewriteHistory {
    private RewriteHistory() {}

    static void crash(CrashFileStore machine, WrittenTable table, RandomGenerator random) {
        try {
            table.write(machine, random);
            WrittenTable.maintain(machine, any(random));
            WrittenTable.maintain(machine, any(random));
        } catch (SimulatedCrash | FirnException powerFailed) {
            assertThat(machine.isDown()).isTrue();
        }
    }

    static WrittenTable history(CrashFileStore machine, RandomGenerator random) {
        WrittenTable table = WrittenTable.create(machine);
        int steps = 2 + random.nextInt(7);
        for (int i = 0; i < steps; i++) {
            table.write(machine, random);
            if (random.nextInt(3) > 0) {
                assertThat(WrittenTable.maintain(machine, any(random)).errors()).isEmpty();
            }
        }
        return table;
    }

    private static LifecycleRequest any(RandomGenerator random) {
        return switch (random.nextInt(5)) {
            case 0 -> LifecycleRequest.settleAll();
            case 1 -> LifecycleRequest.compressAll();
            case 2 -> LifecycleRequest.decompressAll();
            case 3 -> LifecycleRequest.compact();
            default -> LifecycleRequest.due();
        };
    }
}
