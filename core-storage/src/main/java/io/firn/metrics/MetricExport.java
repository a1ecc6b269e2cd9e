package io.firn.metrics;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.Supplier;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Metrics that a host process shows with its own means, or, where it is too old to have any, our own MBean with the
 * same names. Never fails: who cannot be measured works all the same. Thread-safe.
 */
public final class MetricExport implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MetricExport.class);

    private final AutoCloseable target;

    private MetricExport(AutoCloseable target) {
        this.target = target;
    }

    /** Takes metrics; what takes them also drops them when the host is done with us. */
    public interface Host {
        /** Shows one more metric. */
        void add(Metric metric);
    }

    /**
     * Shows metrics until {@link #close}.
     *
     * @param host asks for the host's means: null, {@link NoSuchMethodError} or {@link NoClassDefFoundError} when there
     *     are none
     * @param ownName the name of our own MBean, used only then
     */
    public static MetricExport of(List<Metric> metrics, Supplier<@Nullable Host> host, ObjectName ownName) {
        try {
            Host found = host.get();
            if (found != null) {
                metrics.forEach(found::add);
                return new MetricExport(() -> {});
            }
        } catch (NoSuchMethodError | NoClassDefFoundError e) {
            LOG.info("this host has no metrics for plugins, an MBean is used: name={} cause={}", ownName, e.toString());
        } catch (RuntimeException e) {
            LOG.warn("not all metrics are shown, an earlier owner may have left its own: name={}", ownName, e);
            return new MetricExport(() -> {});
        }
        return ownBean(metrics, ownName);
    }

    private static MetricExport ownBean(List<Metric> metrics, ObjectName name) {
        try {
            return new MetricExport(MetricBeans.register(ManagementFactory.getPlatformMBeanServer(), name, metrics));
        } catch (IllegalStateException e) {
            LOG.warn("metrics are not shown: name={}", name, e);
            return new MetricExport(() -> {});
        }
    }

    /** Takes our own MBean out; what the host shows it drops itself. Idempotent. */
    @Override
    public void close() {
        try {
            target.close();
        } catch (Exception e) {
            LOG.warn("metrics cannot be taken out", e);
        }
    }
}
