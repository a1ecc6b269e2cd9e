package io.firn.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.testing.CrashFileStore;
import io.firn.testing.ForwardingFileStore;
import io.firn.testing.Randomized;
import io.firn.testing.StoreOperation;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The directory of a partition that others remove and make again while an output comes, and then the power fails. */
class OutputDirectoryCrashTest {
    private static final int SEEDS = 30;

    @Test
    void anOutputIsDurableWhoeverMadeItsDirectoryLast() {
        Randomized.forAll(SEEDS, random -> {
            CrashFileStore machine = ErasableTable.created();
            ErasableTable.write(machine, "w");
            List<String> written = ErasableTable.records(machine);
            ForwardingFileStore watched = new ForwardingFileStore(machine);
            Path directory = WrittenTable.ROOT.resolve("p=odd");
            watched.runBeforeOnce(
                    call -> call.operation() == StoreOperation.RENAME
                            && call.target().startsWith(directory),
                    () -> {
                        machine.delete(directory); // an overtaken maintainer removes empty ones
                        machine.createDirectory(directory); // a writer, that has not forced it yet
                    });
            ErasableTable.maintain(watched, LifecycleRequest.settleAll());
            CrashFileStore restarted = machine.crash(new SplittableRandom(random.nextLong()));
            assertThat(ErasableTable.records(restarted)).isEqualTo(written);
        });
    }
}
