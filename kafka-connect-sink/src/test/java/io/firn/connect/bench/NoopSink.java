package io.firn.connect.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.sink.SinkConnector;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.jspecify.annotations.Nullable;

/**
 * A sink that drops everything: what Connect itself costs. With {@value #FILE} it appends keys and values to one file,
 * without structure, checksum or exactly-once: what it costs at least to store them on this machine.
 */
public final class NoopSink extends SinkConnector {
    /** Where to append keys and values; absent: they are dropped. */
    static final String FILE = "bench.file";

    private Map<String, String> properties = Map.of();

    @Override
    public String version() {
        return "1";
    }

    @Override
    public void start(Map<String, String> config) {
        properties = Map.copyOf(config);
    }

    @Override
    public Class<? extends Task> taskClass() {
        return NoopTask.class;
    }

    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        return Collections.nCopies(maxTasks, properties);
    }

    @Override
    public void stop() {
        properties = Map.of();
    }

    @Override
    public ConfigDef config() {
        return new ConfigDef();
    }

    /** The task. */
    public static final class NoopTask extends SinkTask {
        private static final int BUFFER_BYTES = 1 << 18;

        private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        private @Nullable FileChannel file;

        @Override
        public String version() {
            return "1";
        }

        @Override
        public void start(Map<String, String> config) {
            String path = config.get(FILE);
            if (path != null) {
                try {
                    file = FileChannel.open(Path.of(path), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }

        @Override
        public void put(Collection<SinkRecord> records) {
            FileChannel target = file;
            if (target == null) {
                return;
            }
            try {
                for (SinkRecord record : records) {
                    append(target, (byte[]) record.key());
                    append(target, (byte[]) record.value());
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void append(FileChannel target, byte[] bytes) throws IOException {
            if (bytes.length > buffer.remaining()) {
                drain(target);
            }
            buffer.put(bytes);
        }

        private void drain(FileChannel target) throws IOException {
            buffer.flip();
            while (buffer.hasRemaining()) {
                target.write(buffer);
            }
            buffer.clear();
        }

        @Override
        public void stop() {
            FileChannel target = file;
            if (target != null) {
                try {
                    drain(target);
                    target.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }
}
