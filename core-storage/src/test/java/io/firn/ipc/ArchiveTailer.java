package io.firn.ipc;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A process that tails {@code <root> <count>} records of the archive's test stream. */
public final class ArchiveTailer {
    private ArchiveTailer() {}

    /** Prints one line for each record. */
    public static void main(String[] args) {
        int count = Integer.parseInt(args[1]);
        try (ArchiveReader reader =
                ArchiveReader.open(Path.of(args[0]), "binance", "BTCUSDT", "2026-01-31", "trades")) {
            System.out.println("tailing");
            for (int seen = 0; seen < count; ) {
                if (reader.next()) {
                    seen++;
                    System.out.println(reader.typeId() + " " + reader.timestampNs() + " "
                            + StandardCharsets.UTF_8.decode(reader.payload()));
                } else {
                    Thread.onSpinWait();
                }
            }
        }
    }
}
