package io.firn.metrics;

import java.util.concurrent.atomic.AtomicBoolean;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.StandardMBean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One {@link OperationMetrics} or other bean in a JMX server, from registering to {@link #close}.
 *
 * <p>The name is {@code io.firn:type=Operations,owner="...",instance=n}: the owner as given, and the first number that
 * is free, so that two owners of one name, also of two class loaders, do not collide. Thread-safe.
 */
public final class JmxExport implements AutoCloseable {
    /** Instances of one owner's name at most. */
    static final int MAX_INSTANCES = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(JmxExport.class);

    private final MBeanServer server;
    private final ObjectName name;
    private final AtomicBoolean closed = new AtomicBoolean();

    private JmxExport(MBeanServer server, ObjectName name) {
        this.server = server;
        this.name = name;
    }

    /**
     * Registers metrics, of type {@code Operations}.
     *
     * @param server for example {@code ManagementFactory.getPlatformMBeanServer()}
     * @param owner who the metrics are of, for example a table; any text
     * @throws IllegalStateException when the server refuses
     */
    public static JmxExport register(MBeanServer server, String owner, OperationMetrics metrics) {
        return register(server, "Operations", owner, new StandardMBean(new Bean(metrics), OperationMXBean.class, true));
    }

    /**
     * Registers another bean.
     *
     * @param type what it shows, a word
     * @param bean made with its interface, as an MXBean
     */
    public static JmxExport register(MBeanServer server, String type, String owner, StandardMBean bean) {
        try {
            for (int instance = 1; instance <= MAX_INSTANCES; instance++) {
                ObjectName name = new ObjectName(
                        "io.firn:type=" + type + ",owner=" + ObjectName.quote(owner) + ",instance=" + instance);
                if (registers(server, bean, name)) {
                    return new JmxExport(server, name);
                }
            }
        } catch (JMException e) {
            throw new IllegalStateException("Cannot register the metrics of '" + owner + "' in JMX", e);
        }
        throw new IllegalStateException("There are " + MAX_INSTANCES + " metrics of '" + owner + "' in JMX already");
    }

    private static boolean registers(MBeanServer server, StandardMBean bean, ObjectName name) throws JMException {
        if (server.isRegistered(name)) {
            return false;
        }
        try {
            server.registerMBean(bean, name);
            return true;
        } catch (InstanceAlreadyExistsException e) {
            LOG.debug("somebody was faster name={}", name, e);
            return false;
        }
    }

    /** The name that the metrics have in the server. */
    public ObjectName name() {
        return name;
    }

    /** Takes the metrics out of the server. Idempotent. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            server.unregisterMBean(name);
        } catch (InstanceNotFoundException e) {
            LOG.debug("somebody else has taken the metrics out name={}", name, e);
        } catch (JMException e) {
            LOG.warn("cannot take metrics out of JMX name={}", name, e);
        }
    }

    private record Bean(OperationMetrics metrics) implements OperationMXBean {
        @Override
        public long getWrites() {
            return metrics.snapshot().writes();
        }

        @Override
        public long getReads() {
            return metrics.snapshot().reads();
        }

        @Override
        public long getCacheHits() {
            return metrics.snapshot().cacheHits();
        }

        @Override
        public long getCacheMisses() {
            return metrics.snapshot().cacheMisses();
        }

        @Override
        public double getHitRatio() {
            return metrics.snapshot().hitRatio();
        }

        @Override
        public long getCompressions() {
            return metrics.snapshot().compressions();
        }

        @Override
        public long getErrors() {
            return metrics.snapshot().errors();
        }

        @Override
        public double getErrorRate() {
            return metrics.snapshot().errorRate();
        }

        @Override
        public long getWriteP50Ns() {
            return metrics.snapshot().writeP50Ns();
        }

        @Override
        public long getWriteP99Ns() {
            return metrics.snapshot().writeP99Ns();
        }

        @Override
        public long getReadP50Ns() {
            return metrics.snapshot().readP50Ns();
        }

        @Override
        public long getReadP99Ns() {
            return metrics.snapshot().readP99Ns();
        }
    }
}
