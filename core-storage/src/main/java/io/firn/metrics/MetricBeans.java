package io.firn.metrics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.DynamicMBean;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanRegistration;
import javax.management.MBeanServer;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Metrics as one MBean with an attribute of type double for each, from registering to {@link #close}. Thread-safe.
 */
public final class MetricBeans implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MetricBeans.class);
    /** As Kafka's JmxReporter: everything else is quoted. */
    private static final Pattern UNQUOTED = Pattern.compile("[\\w-%. \t]*");

    private final MBeanServer server;
    private final ObjectName name;
    private final Bean bean;

    private MetricBeans(MBeanServer server, ObjectName name, Bean bean) {
        this.server = server;
        this.name = name;
        this.bean = bean;
    }

    /**
     * The name {@code <domain>:type=<type>,key=value,...}; values are quoted where Kafka quotes them.
     *
     * @param keys in their order
     * @throws IllegalArgumentException when JMX refuses it
     */
    public static ObjectName name(String domain, String type, Map<String, String> keys) {
        StringBuilder text = new StringBuilder(domain).append(":type=").append(type);
        keys.forEach((key, value) -> text.append(',').append(key).append('=').append(quoted(value)));
        try {
            return new ObjectName(text.toString());
        } catch (MalformedObjectNameException e) {
            throw new IllegalArgumentException("no name of JMX: " + text, e);
        }
    }

    private static String quoted(String value) {
        return UNQUOTED.matcher(value).matches() ? value : ObjectName.quote(value);
    }

    /**
     * Registers metrics; whoever has the name loses it.
     *
     * @throws IllegalStateException when the server refuses
     */
    public static MetricBeans register(MBeanServer server, ObjectName name, List<Metric> metrics) {
        try {
            if (server.isRegistered(name)) {
                LOG.info("an earlier owner's metrics are replaced name={}", name);
                server.unregisterMBean(name);
            }
            Bean bean = new Bean(metrics);
            server.registerMBean(bean, name);
            return new MetricBeans(server, name, bean);
        } catch (JMException e) {
            throw new IllegalStateException("Cannot register the metrics " + name + " in JMX", e);
        }
    }

    /** Takes the metrics out of the server, unless a successor has done so. Idempotent. */
    @Override
    public void close() {
        if (bean.gone) {
            return;
        }
        try {
            server.unregisterMBean(name);
        } catch (InstanceNotFoundException e) {
            LOG.debug("the metrics are gone already name={}", name, e);
        } catch (JMException e) {
            LOG.warn("cannot take metrics out of JMX name={}", name, e);
        }
    }

    private static final class Bean implements DynamicMBean, MBeanRegistration {
        private final Map<String, Metric> metrics = new LinkedHashMap<>();
        private volatile boolean gone;

        Bean(List<Metric> list) {
            list.forEach(metric -> metrics.put(metric.name(), metric));
        }

        @Override
        public ObjectName preRegister(MBeanServer target, ObjectName wanted) {
            return wanted;
        }

        @Override
        public void postRegister(Boolean done) {}

        @Override
        public void preDeregister() {}

        @Override
        public void postDeregister() {
            gone = true;
        }

        @Override
        public Object getAttribute(String attribute) throws AttributeNotFoundException {
            Metric metric = metrics.get(attribute);
            if (metric == null) {
                throw new AttributeNotFoundException("There is no metric '" + attribute + "'");
            }
            return metric.value().getAsDouble();
        }

        @Override
        public void setAttribute(Attribute attribute) throws AttributeNotFoundException {
            throw new AttributeNotFoundException("Metrics cannot be set: " + attribute.getName());
        }

        @Override
        public AttributeList getAttributes(String[] names) {
            AttributeList list = new AttributeList();
            for (String each : names) {
                Metric metric = metrics.get(each);
                if (metric != null) {
                    list.add(new Attribute(each, metric.value().getAsDouble()));
                }
            }
            return list;
        }

        @Override
        public AttributeList setAttributes(AttributeList attributes) {
            return new AttributeList();
        }

        @Override
        public Object invoke(String action, Object[] parameters, String[] signature) {
            throw new UnsupportedOperationException("Metrics have no operations: " + action);
        }

        @Override
        public MBeanInfo getMBeanInfo() {
            MBeanAttributeInfo[] attributes = metrics.values().stream()
                    .map(metric -> new MBeanAttributeInfo(
                            metric.name(), double.class.getName(), metric.meaning(), true, false, false))
                    .toArray(MBeanAttributeInfo[]::new);
            return new MBeanInfo(Bean.class.getName(), "metrics of Firn", attributes, null, null, null);
        }
    }
}
