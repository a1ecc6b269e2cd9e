package io.firn.lifecycle;

import io.firn.error.CorruptDataException;
import io.firn.error.FirnException;
import io.firn.error.WriterFencedException;
import io.firn.fs.FileStore;
import io.firn.log.CatalogChange;
import io.firn.log.CatalogLog;
import io.firn.log.ExpiredRange;
import io.firn.log.ExpiryMarkers;
import io.firn.log.PlacedFiles;
import io.firn.log.Removal;
import io.firn.log.SegmentEntry;
import io.firn.log.TableLayout;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One rewrite of N inputs into M outputs: made apart, forced, verified, renamed, and then visible at once by one entry
 * of the catalog.
 *
 * <p>{@link #publish} is the commit point: before it {@link #close} removes every trace, after it only the inputs are
 * left to delete. When nobody knows whether the entry counts (a failure or a fence inside the commit), nothing
 * is touched: the next maintainer's base decides. Files may be made on several threads; the rest is
 * confined to one.
 */
final class Rewrite implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Rewrite.class);

    private enum State {
        MAKING,
        COMMITTING,
        PUBLISHED
    }

    private final TableLayout layout;
    private final CatalogLog catalog;
    private final FileForcer forcer;
    private final InstantSource clock;
    private final Set<Path> temporaries = new LinkedHashSet<>();
    private final List<Output> outputs = new ArrayList<>();
    private final List<Path> renamed = new ArrayList<>();
    private Optional<Path> marker = Optional.empty();
    private State state = State.MAKING;

    Rewrite(RewriteContext context, CatalogLog catalog) {
        this.layout = context.layout();
        this.catalog = catalog;
        this.forcer = context.forcer();
        this.clock = context.clock();
    }

    /** The table's parts. */
    TableLayout layout() {
        return layout;
    }

    /** The epoch of the maintainer, for the headers of outputs. */
    long epoch() {
        return catalog.epoch();
    }

    /**
     * A path for a new file in the maintainer's temporary directory, under a name that no segment ever had; removed at
     * the end unless it was published.
     */
    synchronized Path temporary(String extension) {
        Path path = catalog.temporary().resolve(catalog.nextOutputName() + extension);
        temporaries.add(path);
        return path;
    }

    /** Where the file of a temporary path goes to when it is published. */
    String finalPath(Path temporary, String partitionPath) {
        String name = temporary.getFileName().toString();
        return partitionPath.isEmpty() ? name : partitionPath + "/" + name;
    }

    /** Removes a temporary file before the end. */
    synchronized void discard(Path temporary) {
        layout.store().delete(temporary);
        temporaries.remove(temporary);
    }

    /** Takes a complete file as an output. */
    synchronized void add(Output output) {
        outputs.add(output);
    }

    /** Takes an output back and removes its file. */
    synchronized void withdraw(Output output) {
        outputs.remove(output);
        discard(output.temporary());
    }

    /** The outputs so far. */
    synchronized List<Output> outputs() {
        return List.copyOf(outputs);
    }

    /** Makes content and size of all outputs durable. */
    void forceOutputs() {
        forcer.forceFiles(outputs.stream()
                .filter(output -> !output.forced())
                .map(Output::temporary)
                .toList());
    }

    /**
     * Gives the forced and verified outputs their final names, makes those durable, and commits. On return the outputs
     * stand for the inputs.
     *
     * @throws WriterFencedException when another maintainer took over
     */
    void publish(List<Removal> removals, List<String> removedPaths) {
        publish(removals, removedPaths, RemovedForEver.NOTHING);
    }

    /**
     * The same for a rewrite that leaves out records for ever: a marker names them and is durable before the commit.
     *
     * @param gone records of the inputs that no output holds
     * @throws WriterFencedException when another maintainer took over
     */
    void publish(List<Removal> removals, List<String> removedPaths, RemovedForEver gone) {
        placeOutputs();
        List<ExpiredRange> ranges = gone.ranges();
        if (!ranges.isEmpty()) {
            // Behind the outputs: whoever finds the marker finds everything that shall stay.
            Path place = ExpiryMarkers.place(layout, catalog.nextOutputName());
            marker = Optional.of(place);
            ExpiryMarkers.write(layout, place, catalog.temporary(), ranges, clock);
        }
        List<SegmentEntry> added = outputs.stream().map(Output::entry).toList();
        commit(new CatalogChange(removals, removedPaths, added, gone.byLane()));
    }

    private void commit(CatalogChange change) {
        checkNotFenced();
        state = State.COMMITTING;
        catalog.commit(change);
        state = State.PUBLISHED;
    }

    private void placeOutputs() {
        checkNotFenced();
        Set<Path> directories = new LinkedHashSet<>();
        for (Output output : outputs) {
            directories.add(Objects.requireNonNull(finalFile(output).getParent()));
        }
        layout.prepareDirectories(directories);
        for (Output output : outputs) {
            Path target = finalFile(output);
            refuseTaken(target);
            layout.store().rename(output.temporary(), target);
            temporaries.remove(output.temporary());
            renamed.add(target);
        }
        forcer.forceDirectories(directories);
        // Only now: an empty one may have been removed, and made again by somebody who has not forced its name.
        layout.createDirectories(directories);
    }

    /** A rename would replace the file, whose records the catalog may not know. */
    private void refuseTaken(Path target) {
        if (layout.store().exists(target)) {
            throw new CorruptDataException(
                    target,
                    0,
                    "expected no file of this name, which the catalog has not given away yet; found one. The catalog is"
                            + " an old copy, or the table was made among files of another one: put the catalog back, or"
                            + " move the files of " + layout.catalog() + " elsewhere and run 'firn recover"
                            + " --rebuild-catalog'");
        }
    }

    @Override
    public void close() {
        temporaries.forEach(this::deleteQuietly);
        temporaries.clear();
        if (state == State.MAKING && marker.map(this::withdraw).orElse(true)) {
            renamed.forEach(this::takeBack);
            renamed.clear();
        }
    }

    /** The marker goes durably before the outputs that it promises; returns false when it stays. */
    private boolean withdraw(Path file) {
        try {
            ExpiryMarkers.delete(layout, file, catalog.temporary());
            return true;
        } catch (FirnException failed) {
            left(file, failed);
            return false;
        }
    }

    private Path finalFile(Output output) {
        return layout.resolve(output.entry().path());
    }

    private void checkNotFenced() {
        if (catalog.isFenced()) {
            throw new WriterFencedException("Another maintainer opened the catalog of " + layout.root()
                    + "; this one deletes its outputs and stops");
        }
    }

    /** An output in its place: somebody who has overtaken this maintainer may count on it. */
    private void takeBack(Path output) {
        try {
            PlacedFiles.remove(layout.store(), output, catalog.temporary());
        } catch (FirnException failed) {
            left(output, failed);
        }
    }

    /** Cleaning up must not hide why the rewrite failed; what stays is found by the next maintainer. */
    private void deleteQuietly(Path path) {
        FileStore store = layout.store();
        try {
            store.delete(path);
        } catch (FirnException failed) {
            left(path, failed);
        }
    }

    private void left(Path path, FirnException failed) {
        catalog.leaveToSuccessor();
        LOG.warn("left to the next maintainer: path={} cause={}", path, failed.toString());
    }
}
