package io.firn.connect.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.record.StreamRecord;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Metrics of a task whose worker is too old to show them, so that they are an MBean of our own. */
class SourceMetricsTest {
    private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();
    private static final byte[] VALUE = "0123456789".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path root;

    @Test
    void progressGoesFromNothingToEverything() throws Exception {
        try (ArchiveFixture archive = ArchiveFixture.open(root, "t", "", "t", 0)) {
            append(archive, 0, 1_000, 1_100);
            append(archive, 1, 0, 100);
            archive.commit();
        }
        FirnSourceTask task = started("bounded");

        assertThat(value("bounded", "lanes")).isEqualTo(2);
        assertThat(value("bounded", "progress-ratio")).isZero();
        assertThat(value("bounded", "eta-seconds")).isNaN();
        assertThat(value("bounded", "lanes-done")).isZero();

        assertThat(task.poll()).hasSize(50);
        assertThat(value("bounded", "records-replayed-total")).isEqualTo(50);
        assertThat(value("bounded", "bytes-replayed-total")).isEqualTo(50 * VALUE.length);
        assertThat(value("bounded", "progress-ratio")).isBetween(0.2, 0.3);
        assertThat(value("bounded", "eta-seconds")).isPositive();
        assertThat(value("bounded", "caught-up")).isZero();

        task.poll();
        task.poll();
        assertThat(value("bounded", "lanes-done")).isEqualTo(1);
        assertThat(value("bounded", "progress-ratio")).isBetween(0.7, 0.8);
        task.poll();
        assertThat(task.poll()).isNull();
        assertThat(value("bounded", "lanes-done")).isEqualTo(2);
        assertThat(value("bounded", "progress-ratio")).isEqualTo(1);
        assertThat(value("bounded", "eta-seconds")).isZero();
        assertThat(value("bounded", "archive-lag-offsets")).isZero();
        assertThat(value("bounded", "caught-up")).isEqualTo(1);
        assertThat(value("bounded", "records-replayed-total")).isEqualTo(200);
        task.stop();
        assertThat(SERVER.isRegistered(name("bounded"))).isFalse();
    }

    @Test
    void lagIsWhatTheArchiveHasAndWasNotHandedOut() throws Exception {
        try (ArchiveFixture archive = ArchiveFixture.open(root, "t", "", "t", 0)) {
            append(archive, 0, 0, 120);
            archive.commit();
        }
        FirnSourceTask task = started("lagging");

        assertThat(value("lagging", "archive-lag-offsets")).isEqualTo(120);
        assertThat(task.poll()).hasSize(50);

        assertThat(value("lagging", "archive-lag-offsets")).isEqualTo(70);
        task.stop();
    }

    private FirnSourceTask started(String name) {
        Map<String, String> config = new HashMap<>();
        for (String part : new String[] {"key", "value", "header"}) {
            config.put(part + ".converter", "org.apache.kafka.connect.converters.ByteArrayConverter");
        }
        config.put("name", name);
        config.put("firn.path", root.toString());
        config.put("poll.max.records", "50");
        FirnSourceConnector connector = new FirnSourceConnector();
        connector.start(config);
        FirnSourceTask task = new FirnSourceTask();
        task.initialize(new FreshContext());
        task.start(connector.taskConfigs(1).get(0));
        connector.stop();
        return task;
    }

    private static void append(ArchiveFixture archive, int partition, long from, long to) {
        for (long offset = from; offset < to; offset++) {
            archive.append(
                    partition,
                    offset,
                    StreamRecord.atMillis(offset).value(VALUE).build());
        }
    }

    private static double value(String connector, String metric) throws JMException {
        return (double) SERVER.getAttribute(name(connector), metric);
    }

    private static ObjectName name(String connector) throws JMException {
        return new ObjectName("kafka.connect:type=plugins,connector=" + connector + ",task=0");
    }
}
