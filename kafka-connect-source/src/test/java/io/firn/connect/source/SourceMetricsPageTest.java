package io.firn.connect.source;

import io.firn.connect.testing.GeneratedSection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of metrics is made from the definitions: run with {@code -Dfirn.update.docs=true} after a change. */
class SourceMetricsPageTest {
    @Test
    void pageNamesEveryMetricOfTheSource(@TempDir Path root) throws IOException {
        FirnSourceConfig config = new FirnSourceConfig(Map.of("firn.path", root.toString()));
        try (ArchivedTables none = new ArchivedTables(config)) {
            StoredOffsets nothing = new StoredOffsets(new FreshContext().offsetStorageReader());
            SourceMeters meters = SourceMeters.of(new TaskPlan("here", List.of()), none, nothing, System::nanoTime);

            GeneratedSection.check(
                    Path.of("..", "docs", "metrics.md"), "source", GeneratedSection.table(SourceMetric.of(meters)));
        }
    }
}
