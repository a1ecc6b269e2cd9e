package io.firn.table;

import io.firn.log.AttemptCommits;
import io.firn.log.Catalog;
import io.firn.log.CatalogState;
import io.firn.log.LaneIdentity;
import io.firn.log.LaneLog;
import io.firn.log.LaneSegment;
import io.firn.log.LaneSegmentName;
import io.firn.log.LaneSnapshot;
import io.firn.log.LaneState;
import io.firn.log.PendingCommit.RetiredAttempt;
import io.firn.log.TableLayout;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Segment files of a lane's earlier owners of which nothing was ever committed: nobody can commit them any more, so
 * their space is given back when the lane is opened.
 *
 * <p>Thread-safe; no state.
 */
public final class WithdrawnFiles {
    private static final Logger LOG = LoggerFactory.getLogger(WithdrawnFiles.class);

    private WithdrawnFiles() {}

    /**
     * Deletes them wherever the lane writes; it has just been opened, its base is durable.
     *
     * @return the deleted files
     */
    public static List<Path> delete(TableLayout layout, LaneLog lane) {
        return delete(layout, find(layout, lane.identity(), lane.filesBefore(), lane.state(), lane.epoch()));
    }

    /** Files of which a lane has committed nothing, of its present owner and of earlier ones; deletes nothing. */
    public static List<Path> uncommitted(TableLayout layout, LaneSnapshot lane) {
        LaneIdentity identity = lane.identity();
        return find(layout, identity, layout.segmentFiles(identity), lane.state(), lane.ownerEpoch() + 1);
    }

    /** Deletes those of a writer attempt that nobody commits any more, and what a process left that died over it. */
    static void deleteOfAttempt(TableLayout layout, LaneSnapshot dead) {
        delete(layout, uncommitted(layout, dead));
        AttemptCommits.deleteTemporaries(layout, dead.lane());
    }

    /**
     * Ends a writer attempt of which nothing was prepared. The files go first: whoever dies in between leaves an
     * attempt that has not ended, for which others still look (decision D81).
     */
    static void endAttempt(TableLayout layout, String writer, InstantSource clock) {
        AttemptCommits.progress(layout, writer).lane().ifPresent(lane -> deleteOfAttempt(layout, lane));
        AttemptCommits.retire(layout, new RetiredAttempt(writer, 0), clock);
    }

    private static List<Path> delete(TableLayout layout, List<Path> withdrawn) {
        for (Path file : withdrawn) {
            LOG.info("uncommitted segment of an earlier owner is deleted: path={}", file);
            layout.store().delete(file);
        }
        return withdrawn;
    }

    private static List<Path> find(
            TableLayout layout, LaneIdentity identity, List<LaneSegmentName> files, LaneState state, long belowEpoch) {
        Path directory = layout.segmentsOf(identity);
        Set<String> live = state.segments().stream().map(LaneSegment::path).collect(Collectors.toSet());
        List<Path> found = new ArrayList<>();
        for (LaneSegmentName name : files) {
            Path file = directory.resolve(name.fileName());
            if (name.epoch() < belowEpoch && !live.contains(layout.relativize(file))) {
                found.add(file);
            }
        }
        return found.isEmpty() ? found : withoutRewritten(layout, found);
    }

    /** A segment that the catalog replaced was committed once; its maintainer deletes it. */
    private static List<Path> withoutRewritten(TableLayout layout, List<Path> files) {
        CatalogState catalog = Catalog.read(layout).state();
        return files.stream()
                .filter(file -> catalog.removal(layout.relativize(file)).isEmpty())
                .toList();
    }
}
