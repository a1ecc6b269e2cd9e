package io.firn.series;

import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableReader;
import java.util.List;
import java.util.Map;

/** Reads the committed records of table {@code samples} that no block has consumed. Confined to one thread. */
final class HeadScan implements AutoCloseable {
    private final TableReader reader;
    private final HeadReplay replay;

    private HeadScan(TableReader reader, HeadReplay replay) {
        this.reader = reader;
        this.replay = replay;
    }

    /**
     * Begins where the blocks end; nothing is read yet.
     *
     * @param stopped looks what deletions are about
     * @param nowMs age of the head when it turns out to be empty
     */
    static HeadScan begin(Table table, ManifestState state, StoppedDeletions stopped, long nowMs) {
        ScanOptions options = ScanOptions.builder()
                .writer(HeadLog.WRITER)
                .fromSequences(Map.of(HeadLog.WRITER, state.consumed().sequence()))
                .counted(false)
                .build();
        return new HeadScan(table.reader(options), HeadReplay.begin(table.path(), state, stopped, nowMs));
    }

    /** Reads on to the end of what is committed. */
    HeadReplay advance() {
        while (reader.next()) {
            replay.accept(reader.partitionPath(), reader.record());
        }
        replay.end();
        return replay;
    }

    /** Goes on with what was committed since, and with deletions that came since. */
    HeadReplay follow(List<Tombstone> since) {
        replay.add(since);
        reader.refresh();
        return advance();
    }

    @Override
    public void close() {
        reader.close();
    }
}
