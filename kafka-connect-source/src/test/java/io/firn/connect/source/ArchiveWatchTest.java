package io.firn.connect.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.connect.testing.Waiting;
import io.firn.record.StreamRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveWatchTest {
    @TempDir
    Path root;

    /** A standalone worker plans the tasks at once, in the thread that asks for it. */
    @Test
    void asksAgainWhenTheWorkerCouldNotPlanTheTasks() {
        try (ArchiveFixture archive = ArchiveFixture.open(root, "g", "", "g", 0)) {
            archive.append(0, 0, StreamRecord.atMillis(1).build());
            archive.commit();
        }
        FirnSourceConfig config = new FirnSourceConfig(Map.of(
                "firn.path", root.toString(),
                "restore.mode", "continuous",
                "restore.discovery.interval.ms", "1000"));
        AtomicInteger asked = new AtomicInteger();
        Runnable reconfigure = () -> {
            switch (asked.incrementAndGet()) {
                case 1 -> throw new ConnectException("Cannot create the target topics");
                case 2 -> throw new IllegalStateException("not from Connect");
                default -> {}
            }
        };
        try (ArchiveWatch watch = ArchiveWatch.start(config, List.of(), reconfigure)) {
            assertThat(watch).isNotNull();
            Waiting.until("the third time", Duration.ofMinutes(1), () -> asked.get() == 3);
        }
    }
}
