package io.firn.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.error.FirnException;
import io.firn.fs.FileStore;
import io.firn.fs.StoreFile;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the world outside knows of a lane: which commits were acknowledged or seen. Every commit adds one segment whose
 * bytes all carry the commit's tag, so that duplicates, losses and torn data show.
 */
final class LaneHistory {
    private static final int RECORDS_PER_COMMIT = 7;

    private final List<LaneSegment> known = new ArrayList<>();
    private int nextTag = 1;

    /** An owner in its process: opens the lane and commits. */
    final class Owner implements AutoCloseable {
        private final TableLayout layout;
        private final LaneLog lane;

        Owner(FileStore store) {
            this.layout = new TableLayout(store, LogTables.ROOT, LogTables.TABLE_ID);
            this.lane = LogTables.open(layout);
            see(lane.state());
        }

        /** Commits one segment behind the lane's position; remembered as acknowledged when it returns. */
        void commit() {
            int tag = nextTag++;
            long base = lane.state().position();
            String path = String.format("_table/hot/%s.%020d.e%d.%d.q", lane.lane(), base, lane.epoch(), tag);
            try (StoreFile file =
                    layout.store().createExclusively(layout.resolve(path)).orElseThrow()) {
                byte[] content = new byte[RECORDS_PER_COMMIT];
                Arrays.fill(content, (byte) tag);
                file.write(ByteBuffer.wrap(content), 0);
                file.force();
            }
            layout.store().forceDirectory(layout.hot());
            LaneSegment segment = new LaneSegment(path, base, RECORDS_PER_COMMIT, RECORDS_PER_COMMIT, true);
            lane.commit(new LaneCommit(base + RECORDS_PER_COMMIT, List.of(segment), List.of()));
            see(lane.state());
        }

        @Override
        public void close() {
            lane.close();
        }
    }

    /** A reader looks: what it sees must never go away. */
    void look(FileStore store) {
        see(LogTables.read(new TableLayout(store, LogTables.ROOT, LogTables.TABLE_ID)));
    }

    /** A reader looks while nobody else moves: it must see everything. */
    void lookAtAll(FileStore store) {
        seeAll(LogTables.read(new TableLayout(store, LogTables.ROOT, LogTables.TABLE_ID)));
    }

    /** An actor that may be fenced, stopped or without power at any point. */
    static void tolerate(Runnable actor) {
        try {
            actor.run();
        } catch (FirnException | IllegalStateException expected) {
            // The actor is over; what it had acknowledged stands in the history.
            assertThat(expected).isNotNull();
        }
    }

    /** Everything known is still there, in order, complete, once. */
    void check(FileStore store) {
        TableLayout layout = new TableLayout(store, LogTables.ROOT, LogTables.TABLE_ID);
        try (LaneLog lane = LogTables.open(layout)) {
            seeAll(lane.state());
            for (LaneSegment segment : lane.state().segments()) {
                byte[] content = LogTables.bytesOf(store, layout.resolve(segment.path()));
                assertThat(content).as(segment.path()).hasSize(RECORDS_PER_COMMIT);
                String tag = segment.path().replaceAll(".*\\.(\\d+)\\.q", "$1");
                assertThat(content).as(segment.path()).containsOnly(Byte.parseByte(tag));
            }
        }
    }

    /**
     * An actor that was stalled may come back with what was true before others went on: then its view is a prefix of
     * what is known.
     */
    private void see(LaneState state) {
        long expectedBase = 0;
        List<LaneSegment> segments = state.segments();
        for (LaneSegment segment : segments) {
            assertThat(segment.baseSequence()).as("continuous: %s", segments).isEqualTo(expectedBase);
            expectedBase += segment.records();
        }
        assertThat(state.position()).isEqualTo(expectedBase);
        int common = Math.min(segments.size(), known.size());
        assertThat(segments.subList(0, common)).as("one history").isEqualTo(known.subList(0, common));
        known.addAll(segments.subList(common, segments.size()));
    }

    /** Nobody was stalled: everything known must be seen. */
    private void seeAll(LaneState state) {
        assertThat(state.segments().size()).as("withdrawn: %s", known).isGreaterThanOrEqualTo(known.size());
        see(state);
    }
}
