package io.firn.ipc.legacy;

import java.nio.file.Path;
import java.time.Duration;

/** A process that uses every old name twice. */
@SuppressWarnings("removal")
public final class OldApiUser {
    private OldApiUser() {}

    /** Uses the archive of the first argument. */
    public static void main(String[] args) {
        Path root = Path.of(args[0]);
        for (int i = 0; i < 2; i++) {
            LegacyArchiveWriter.open(root, "v", "s", "2026-01-31", "t", 1 << 20).finish();
        }
        for (int i = 0; i < 2; i++) {
            LegacyTiers.open(root, Duration.ofDays(1)).close();
        }
        System.out.println("done");
    }
}
