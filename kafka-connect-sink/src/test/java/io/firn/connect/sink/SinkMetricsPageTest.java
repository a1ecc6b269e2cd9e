package io.firn.connect.sink;

import io.firn.connect.testing.GeneratedSection;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The page of metrics is made from the definitions: run with {@code -Dfirn.update.docs=true} after a change. */
class SinkMetricsPageTest {
    @Test
    void pageNamesEveryMetricOfTheSink() throws IOException {
        GeneratedSection.check(
                Path.of("..", "docs", "metrics.md"),
                "sink",
                GeneratedSection.table(SinkMetric.of(new SinkMeters(System::nanoTime))));
    }
}
