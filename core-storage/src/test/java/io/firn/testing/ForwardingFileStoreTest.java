package io.firn.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.fs.FileStore;
import io.firn.fs.MappingStoreContract;
import io.firn.fs.StoreFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ForwardingFileStoreTest extends MappingStoreContract {
    private static final Path A = Path.of("/firn/a");

    private final ForwardingFileStore store = new ForwardingFileStore(new InMemoryFileStore());

    ForwardingFileStoreTest() {
        store.createDirectory(root());
    }

    @Override
    protected FileStore store() {
        return store;
    }

    @Override
    protected Path root() {
        return Path.of("/firn");
    }

    @Test
    void runsCodeBetweenTwoOperations() {
        List<String> order = new ArrayList<>();
        store.runBeforeOnce(StoreCall.is(StoreOperation.FORCE), () -> {
            order.add("before, exists: " + store.exists(A));
            store.openRead(A).force();
        });
        store.runAfter(StoreCall.is(StoreOperation.FORCE, "a"), () -> order.add("after"));
        StoreFile file = store.createExclusively(A).orElseThrow();
        file.force();
        file.force();
        assertThat(order).containsExactly("before, exists: true", "after", "after", "after");
    }

    @Test
    void aMutationIsAFewLines() {
        CrashFileStore machine = new CrashFileStore();
        FileStore lying = new ForwardingFileStore(machine) {
            @Override
            protected boolean ignores(StoreCall call) {
                return call.operation() == StoreOperation.FORCE;
            }
        };
        StoreFile file = lying.createExclusively(Path.of("/a")).orElseThrow();
        file.write(ByteBuffer.wrap(new byte[] {1}), 0);
        file.force();
        lying.forceDirectory(Path.of("/"));
        boolean lost = false;
        for (int seed = 0; seed < 50; seed++) {
            lost |= machine.crash(new SplittableRandom(seed))
                            .info(Path.of("/a"))
                            .sizeBytes()
                    == 0;
        }
        assertThat(lost).isTrue();
    }
}
