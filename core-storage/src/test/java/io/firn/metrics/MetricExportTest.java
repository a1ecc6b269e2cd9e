package io.firn.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.Attribute;
import javax.management.AttributeNotFoundException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

class MetricExportTest {
    private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();

    private final AtomicLong value = new AtomicLong(3);
    private final List<Metric> metrics =
            List.of(new Metric("records-total", "Records.", value::get), new Metric("lag", "Lag.", () -> Double.NaN));

    @Test
    void hostThatHasMetricsGetsThemAndNoBeanIsMade() {
        ObjectName name = name("modern");
        List<String> added = new ArrayList<>();

        try (MetricExport export = MetricExport.of(metrics, () -> metric -> added.add(metric.name()), name)) {
            assertThat(added).containsExactly("records-total", "lag");
            assertThat(SERVER.isRegistered(name)).isFalse();
        }
    }

    @Test
    void hostThatIsTooOldGetsABeanWithTheSameNames() throws Exception {
        ObjectName name = name("old");

        try (MetricExport export = MetricExport.of(
                metrics,
                () -> {
                    throw new NoSuchMethodError("pluginMetrics");
                },
                name)) {
            assertThat(SERVER.getAttribute(name, "records-total")).isEqualTo(3.0);
            value.set(4);
            assertThat(SERVER.getAttribute(name, "records-total")).isEqualTo(4.0);
            assertThat(SERVER.getAttributes(name, new String[] {"lag", "none"}).asList())
                    .containsExactly(new Attribute("lag", Double.NaN));
            assertThat(SERVER.getMBeanInfo(name).getAttributes())
                    .extracting("name")
                    .containsExactly("records-total", "lag");
            assertThatThrownBy(() -> SERVER.getAttribute(name, "none")).isInstanceOf(AttributeNotFoundException.class);
            assertThatThrownBy(() -> SERVER.setAttribute(name, new Attribute("lag", 1.0)))
                    .isInstanceOf(AttributeNotFoundException.class);
        }
        assertThat(SERVER.isRegistered(name)).isFalse();
    }

    @Test
    void successorTakesTheNameOver() throws Exception {
        ObjectName name = name("twice");
        List<Metric> later = List.of(new Metric("records-total", "Records.", () -> 7));

        try (MetricExport first = MetricExport.of(metrics, () -> null, name);
                MetricExport second = MetricExport.of(later, () -> null, name)) {
            first.close();
            assertThat(SERVER.getAttribute(name, "records-total")).isEqualTo(7.0);
        }
        assertThat(SERVER.isRegistered(name)).isFalse();
    }

    @Test
    void hostThatRefusesDoesNotStopTheWork() {
        ObjectName name = name("refused");

        MetricExport.of(
                        metrics,
                        () -> metric -> {
                            throw new IllegalArgumentException("A metric named so exists already");
                        },
                        name)
                .close();

        assertThat(SERVER.isRegistered(name)).isFalse();
    }

    @Test
    void namesAreQuotedWhereKafkaQuotesThem() {
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put("connector", "a, b=*");
        keys.put("task", "0");

        assertThat(MetricBeans.name("kafka.connect", "plugins", keys))
                .hasToString("kafka.connect:type=plugins,connector=\"a, b=\\*\",task=0");
    }

    @Test
    void metricsHaveNamesOfKafkasForm() {
        assertThatThrownBy(() -> new Metric("Records Total", "", () -> 0)).hasMessageContaining("'Records Total'");
    }

    private static ObjectName name(String test) {
        return MetricBeans.name("firn.test", "plugins", Map.of("test", test));
    }
}
