package io.firn.connect.source;

import io.firn.metrics.Metric;
import io.firn.metrics.MetricBeans;
import io.firn.metrics.MetricExport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.metrics.Measurable;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.source.SourceTaskContext;

/**
 * Shows metrics of a task with the means of its worker (Kafka 4.1 and later, KIP-877), or as an MBean of the name that
 * such a worker gives them: {@code kafka.connect:type=plugins,connector=...,task=...}. Thread-safe: no state.
 */
final class WorkerMetrics {
    /** The option that carries the number of the task; set by the connector. */
    static final String TASK = "firn.task.number";

    private WorkerMetrics() {}

    static MetricExport show(List<Metric> metrics, SourceTaskContext context, String connector, String task) {
        Map<String, String> tags = new LinkedHashMap<>();
        tags.put("connector", connector);
        tags.put("task", task);
        return MetricExport.of(
                metrics,
                () -> {
                    PluginMetrics worker = context.pluginMetrics();
                    return worker == null ? null : metric -> add(worker, metric);
                },
                MetricBeans.name("kafka.connect", "plugins", tags));
    }

    private static void add(PluginMetrics worker, Metric metric) {
        worker.addMetric(worker.metricName(metric.name(), metric.meaning(), new LinkedHashMap<>()), (Measurable)
                (config, nowMs) -> metric.value().getAsDouble());
    }
}
