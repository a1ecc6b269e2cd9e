package io.firn.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.testing.ForwardingFileStore;
import io.firn.testing.InMemoryFileStore;
import io.firn.testing.StoreCall;
import io.firn.testing.StoreOperation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a reader makes durable before it believes it (rule 1). */
class LogDirectoryTest {
    private final List<Path> forced = new ArrayList<>();
    private final ForwardingFileStore store = new ForwardingFileStore(new InMemoryFileStore()) {
        @Override
        protected void after(StoreCall call) {
            if (call.operation() == StoreOperation.FORCE || call.operation() == StoreOperation.FORCE_DIRECTORY) {
                forced.add(call.path());
            }
        }
    };
    private final TableLayout layout = LogTables.create(store);
    private final LogDirectory directory = layout.laneLog("main");

    @BeforeEach
    void createDirectory() {
        layout.createDirectories(List.of(directory.path()));
    }

    @Test
    void aLogWithABaseIsForcedAndItsNameIsNot() {
        try (EpochLog owner = EpochLog.fence(directory, LogTables.CLOCK)) {
            owner.begin("base".getBytes(StandardCharsets.UTF_8));
            forced.clear();
            assertThat(directory.readTrusted().content()).isPresent();
            assertThat(forced).containsExactly(directory.fileOf(1));
        }
    }

    @Test
    void whatItsOwnerPublishedIsDurableAndNotForcedAgain() {
        try (EpochLog owner = EpochLog.fence(directory, LogTables.CLOCK)) {
            owner.begin("base".getBytes(StandardCharsets.UTF_8));
            owner.publish(1);
            assertForced();
            owner.append("entry".getBytes(StandardCharsets.UTF_8));
            assertForced(directory.fileOf(1));
            owner.publish(2);
            assertForced();
        }
        try (EpochLog successor = EpochLog.fence(directory, LogTables.CLOCK)) {
            successor.begin("base".getBytes(StandardCharsets.UTF_8));
            assertForced(directory.fileOf(2));
            successor.publish(3);
            assertForced();
        }
    }

    private void assertForced(Path... expected) {
        forced.clear();
        assertThat(directory.readTrusted().content()).isPresent();
        assertThat(forced).containsExactly(expected);
    }

    /** Its owner may not have done so yet, and that it is there decides what the logs below it say. */
    @Test
    void theNameOfALogWithoutABaseIsForced() {
        store.runBeforeOnce(StoreCall.is(StoreOperation.FORCE_DIRECTORY), () -> {
            forced.clear();
            assertThat(directory.readTrusted().content()).isEmpty();
            assertThat(forced).containsExactly(directory.fileOf(1), directory.path());
            forced.clear();
        });
        try (EpochLog owner = EpochLog.fence(directory, LogTables.CLOCK)) {
            assertThat(owner.epoch()).isEqualTo(1);
            assertThat(forced).as("by its owner").containsExactly(directory.path());
        }
    }
}
