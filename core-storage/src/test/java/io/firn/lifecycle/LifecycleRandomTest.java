package io.firn.lifecycle;

import io.firn.table.Table;
import io.firn.testing.Randomized;
import io.firn.testing.StoreCall;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * A maintainer runs, or is killed, while writers, attempts of a two-phase sink and other maintainers come in between
 * any two of its operations. Nothing is lost, nothing is there twice, nothing that was removed comes back, also when
 * the catalog is rebuilt in the end.
 */
class LifecycleRandomTest {
    private static final int MOST_OPERATIONS = 600;

    @Test
    void nothingIsLostAndNothingComesBack() {
        Randomized.forAll(40, random -> {
            ChangingTable table = new ChangingTable(random);
            for (int maintainers = 1 + random.nextInt(5); maintainers > 0; maintainers--) {
                table.write();
                maintain(table, random);
                table.look();
            }
            table.end();
        });
    }

    private static void maintain(ChangingTable changing, RandomGenerator random) {
        KillableProcess process = new KillableProcess(changing.store());
        if (random.nextInt(3) == 0) {
            process.killAfter(random.nextInt(MOST_OPERATIONS));
        }
        int rate = 40 + random.nextInt(200);
        boolean[] busy = new boolean[1];
        process.runBefore(StoreCall.any(), () -> {
            if (!busy[0] && !process.isKilled() && random.nextInt(rate) == 0) {
                busy[0] = true;
                changing.event();
                busy[0] = false;
            }
        });
        process.run(() -> runs(changing, process, random));
    }

    private static void runs(ChangingTable changing, KillableProcess process, RandomGenerator random) {
        try (Table table = WrittenTable.open(process);
                LifecycleManager manager = WrittenTable.manager(table)) {
            for (int runs = 1 + random.nextInt(3); runs > 0; runs--) {
                manager.run(changing.anyRequest());
                changing.look();
                if (random.nextBoolean()) {
                    changing.event();
                }
            }
        }
    }
}
