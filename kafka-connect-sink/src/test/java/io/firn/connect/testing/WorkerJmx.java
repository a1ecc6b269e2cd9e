package io.firn.connect.testing;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.management.Attribute;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** The MBeans of another process of this user, reached by attaching to it. Thread-safe. */
public final class WorkerJmx implements AutoCloseable {
    private static final Duration ATTACH_TIMEOUT = Duration.ofMinutes(2);

    private final JMXConnector connector;
    private final MBeanServerConnection server;

    private WorkerJmx(JMXConnector connector, MBeanServerConnection server) {
        this.connector = connector;
        this.server = server;
    }

    /** Connects to a process, which on a busy machine may take more than one try. */
    public static WorkerJmx attach(long pid) {
        List<WorkerJmx> attached = new ArrayList<>();
        Waiting.until("the MBeans of process " + pid, ATTACH_TIMEOUT, () -> {
            attached.add(connect(pid));
            return true;
        });
        return attached.get(0);
    }

    @SuppressWarnings("BanJNDI") // the address is what a process of ours has just told
    private static WorkerJmx connect(long pid) throws AttachNotSupportedException, IOException {
        VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
        try {
            JMXConnector connector =
                    JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()));
            return new WorkerJmx(connector, connector.getMBeanServerConnection());
        } finally {
            machine.detach();
        }
    }

    /** Names of the beans of a pattern. */
    public Set<String> names(String pattern) {
        try {
            return server.queryNames(new ObjectName(pattern), null).stream()
                    .map(ObjectName::toString)
                    .collect(Collectors.toSet());
        } catch (IOException | JMException e) {
            throw new IllegalStateException("cannot ask for " + pattern, e);
        }
    }

    /** Bytes of the heap that are in use after a full collection, which this call asks for. */
    public long liveHeapBytes() {
        try {
            ObjectName memory = new ObjectName(ManagementFactory.MEMORY_MXBEAN_NAME);
            server.invoke(memory, "gc", null, null);
            return MemoryUsage.from((CompositeData) server.getAttribute(memory, "HeapMemoryUsage"))
                    .getUsed();
        } catch (IOException | JMException e) {
            throw new IllegalStateException("cannot read the heap's usage", e);
        }
    }

    /** The numbers of a bean by attribute. */
    public Map<String, Double> numbers(String name) {
        try {
            ObjectName bean = new ObjectName(name);
            String[] attributes = Arrays.stream(server.getMBeanInfo(bean).getAttributes())
                    .map(MBeanAttributeInfo::getName)
                    .toArray(String[]::new);
            Map<String, Double> numbers = new TreeMap<>();
            for (Attribute attribute : server.getAttributes(bean, attributes).asList()) {
                if (attribute.getValue() instanceof Number number) {
                    numbers.put(attribute.getName(), number.doubleValue());
                }
            }
            return numbers;
        } catch (IOException | JMException e) {
            throw new IllegalStateException("cannot read " + name, e);
        }
    }

    @Override
    public void close() throws IOException {
        connector.close();
    }
}
