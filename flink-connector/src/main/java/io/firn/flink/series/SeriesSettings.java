package io.firn.flink.series;

import io.firn.flink.FlinkMemory;
import io.firn.flink.TableLocation;
import io.firn.series.SeriesReader;
import io.firn.series.SeriesStoreOptions;
import io.firn.table.ArchiveRoot;
import java.io.Serializable;
import java.nio.file.Path;

/**
 * What a source of series reads. Immutable; thread-safe.
 *
 * @param location the archive, and as table the directory of a store or of several
 * @param choice which samples
 * @param splitSamples about so many samples make a split
 */
record SeriesSettings(TableLocation location, SeriesChoice choice, long splitSamples) implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Opens the stores for reading. */
    SeriesReader open() {
        if (!location.archiveId().isEmpty()) {
            location.root();
        }
        return SeriesReader.open(
                ArchiveRoot.tablePath(Path.of(location.path()), location.table()),
                SeriesStoreOptions.builder()
                        .environment(FlinkMemory.environment(location))
                        .build());
    }
}
