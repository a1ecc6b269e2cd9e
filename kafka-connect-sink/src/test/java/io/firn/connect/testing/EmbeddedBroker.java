package io.firn.connect.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.SharedServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.ServerSocketFactory;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;
import org.apache.kafka.server.fault.LoggingFaultHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real single-node KRaft broker in this JVM, on random ports of 127.0.0.1.
 *
 * <p>Everything that touches the broker's internal classes is in this file. Close the broker before its directory is
 * deleted. The exit procedures of Kafka are replaced for the whole JVM, so that a failing broker never ends it.
 * Thread-safe after {@link #start}.
 */
public final class EmbeddedBroker implements TestBroker {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);
    private static final String HOST = "127.0.0.1";
    private static final byte[] LOOPBACK = {127, 0, 0, 1};
    private static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration BIND_TIMEOUT = Duration.ofSeconds(30);
    /** A broker that comes back is let in when the session of the former one is over; it waits a minute for that. */
    private static final Map<String, String> SHORT_SESSION = Map.of("broker.session.timeout.ms", "9000");

    private final Path directory;
    private final Map<String, String> overrides;
    private final int brokerPort;
    private final int controllerPort;
    private final String clusterId;
    private final Metrics metrics;
    private final ControllerServer controller;
    private final BrokerServer broker;
    private boolean closed;

    private EmbeddedBroker(Path directory, Map<String, String> overrides, Ports ports) throws Exception {
        this.directory = directory;
        this.overrides = Map.copyOf(overrides);
        this.brokerPort = ports.brokerPort();
        this.controllerPort = ports.controllerPort();
        String logDirectory = directory.resolve("log").toString();
        format(logDirectory);
        KafkaConfig config = new KafkaConfig(settings(logDirectory, ports, overrides), false);
        var initialized = KafkaRaftServer.initializeLogDirs(config, LOG, "");
        MetaPropertiesEnsemble ensemble = initialized._1();
        this.clusterId = ensemble.clusterId().orElseThrow();
        this.metrics = new Metrics();
        SharedServer shared = new SharedServer(
                config,
                ensemble,
                Time.SYSTEM,
                metrics,
                CompletableFuture.completedFuture(Map.of(1, address(controllerPort))),
                List.<InetSocketAddress>of(),
                (name, fatal, action) -> new LoggingFaultHandler(name, action),
                ports);
        this.controller = new ControllerServer(shared, KafkaRaftServer.configSchema(), initialized._2());
        this.broker = new BrokerServer(shared);
    }

    /** Starts a broker that keeps its data below {@code directory}; a formatted directory is taken over. */
    public static EmbeddedBroker start(Path directory) {
        return start(directory, Map.of());
    }

    /** Starts a broker with further broker settings. */
    public static EmbeddedBroker start(Path directory, Map<String, String> overrides) {
        return start(directory, overrides, Ports.random());
    }

    private static EmbeddedBroker start(Path directory, Map<String, String> overrides, Ports ports) {
        Exit.setExitProcedure((status, message) -> LOG.error("broker asked to exit status={} {}", status, message));
        Exit.setHaltProcedure((status, message) -> LOG.error("broker asked to halt status={} {}", status, message));
        EmbeddedBroker broker = null;
        try {
            Files.createDirectories(directory);
            broker = new EmbeddedBroker(directory, overrides, ports);
            broker.controller.startup();
            broker.broker.startup();
            return broker;
        } catch (Exception e) {
            if (broker != null) {
                broker.close();
            }
            ports.close();
            throw new IllegalStateException("the embedded broker did not start in " + directory + ": " + e, e);
        }
    }

    /** Stops this broker and starts it again on the same directory and ports. */
    public EmbeddedBroker restart() {
        close();
        Map<String, String> again = new HashMap<>(SHORT_SESSION);
        again.putAll(overrides);
        return start(directory, again, Ports.fixed(brokerPort, controllerPort));
    }

    @Override
    public String bootstrapServers() {
        return HOST + ":" + brokerPort;
    }

    @Override
    public String clusterId() {
        return clusterId;
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        quietly("broker", () -> broker.shutdown(SHUTDOWN_TIMEOUT));
        quietly("controller", controller::shutdown);
        metrics.close();
    }

    private static InetSocketAddress address(int port) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }

    private static void quietly(String what, Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            LOG.warn("cannot stop part={}", what, e);
        }
    }

    private static void format(String logDirectory) throws Exception {
        if (Files.exists(Path.of(logDirectory, "meta.properties"))) {
            return;
        }
        new Formatter()
                .setNodeId(1)
                .setClusterId(Uuid.randomUuid().toString())
                .setControllerListenerName("CONTROLLER")
                .addDirectory(logDirectory)
                .setMetadataLogDirectory(logDirectory)
                .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
                .run();
    }

    private static Map<String, String> settings(String logDirectory, Ports ports, Map<String, String> overrides) {
        Map<String, String> config = new HashMap<>();
        config.put("process.roles", "broker,controller");
        config.put("node.id", "1");
        config.put("log.dirs", logDirectory);
        config.put("controller.quorum.voters", "1@" + HOST + ":" + ports.controllerPort());
        config.put("controller.listener.names", "CONTROLLER");
        config.put(
                "listeners",
                "PLAINTEXT://" + HOST + ":" + ports.brokerPort() + ",CONTROLLER://" + HOST + ":"
                        + ports.controllerPort());
        config.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        config.putAll(BrokerSettings.OF_TESTS);
        config.putAll(overrides);
        return config;
    }

    /** Both ports, bound before the broker starts, so that nobody can take them in between. */
    private static final class Ports implements ServerSocketFactory, AutoCloseable {
        private static final int BACKLOG = 128;
        private static final int DEFAULT_BUFFER = -1;
        private final Map<Integer, ServerSocketChannel> bound = new ConcurrentHashMap<>();
        private final int brokerPort;
        private final int controllerPort;

        private Ports(int brokerPort, int controllerPort) {
            this.brokerPort = bind(brokerPort);
            this.controllerPort = bind(controllerPort);
        }

        static Ports random() {
            return new Ports(0, 0);
        }

        static Ports fixed(int brokerPort, int controllerPort) {
            return new Ports(brokerPort, controllerPort);
        }

        int brokerPort() {
            return brokerPort;
        }

        int controllerPort() {
            return controllerPort;
        }

        /** Somebody else may have a port for a while that a broker has released. */
        private int bind(int port) {
            InetSocketAddress address = address(port);
            List<ServerSocketChannel> opened = new ArrayList<>();
            Waiting.until("port " + port + " to be free", BIND_TIMEOUT, () -> {
                opened.add(INSTANCE.openServerSocket("PLAINTEXT", address, BACKLOG, DEFAULT_BUFFER));
                return true;
            });
            ServerSocketChannel channel = opened.get(0);
            int boundPort = channel.socket().getLocalPort();
            bound.put(boundPort, channel);
            return boundPort;
        }

        @Override
        public ServerSocketChannel openServerSocket(
                String listenerName, InetSocketAddress address, int backlog, int receiveBufferSize) throws IOException {
            ServerSocketChannel channel = bound.remove(address.getPort());
            return channel != null
                    ? channel
                    : INSTANCE.openServerSocket(listenerName, address, backlog, receiveBufferSize);
        }

        @Override
        public void close() {
            for (ServerSocketChannel channel : bound.values()) {
                try {
                    channel.close();
                } catch (IOException e) {
                    LOG.warn("cannot close a port", e);
                }
            }
        }
    }
}
