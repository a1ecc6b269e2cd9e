package io.firn.connect.source;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Started by {@link ReplayMemoryIT} in its own small JVM: writes a {@link LargeArchive} and replays everything through a
 * task that drops the records. Prints what the heap holds after a collection at each tenth of the way.
 */
public final class ReplayMemoryMain {
    private static final int TENTHS = 10;

    private final LargeArchive archive;

    private ReplayMemoryMain(LargeArchive archive) {
        this.archive = archive;
    }

    /** Arguments: archive root, bytes of values, seed. */
    public static void main(String[] arguments) throws InterruptedException {
        LargeArchive archive = new LargeArchive(
                Path.of(arguments[0]),
                Long.parseLong(arguments[1]) / LargeArchive.VALUE_BYTES,
                Long.parseLong(arguments[2]));
        archive.write();
        ReplayMemoryMain main = new ReplayMemoryMain(archive);
        for (String order : List.of("partition", "timestamp")) {
            main.replay(order);
        }
    }

    private void replay(String order) throws InterruptedException {
        FirnSourceTask task = new FirnSourceTask();
        task.initialize(new FreshContext());
        task.start(taskConfiguration(order));
        long replayed = 0;
        long bytes = 0;
        long startNs = System.nanoTime();
        try {
            for (List<SourceRecord> batch = task.poll(); batch != null; batch = task.poll()) {
                long tenth = replayed * TENTHS / archive.records();
                for (SourceRecord record : batch) {
                    bytes += ((byte[]) record.value()).length;
                    task.commitRecord(record, null);
                }
                replayed += batch.size();
                if (replayed * TENTHS / archive.records() > tenth) {
                    say(order, "heap." + replayed * TENTHS / archive.records(), liveHeapBytes());
                }
            }
            say(order, "records", replayed);
            say(order, "bytes", bytes);
            say(order, "seconds", (System.nanoTime() - startNs) / 1_000_000_000L);
            ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                    .filter(pool -> pool.getName().equals("direct"))
                    .forEach(pool -> say(order, "direct", pool.getMemoryUsed()));
        } finally {
            task.stop();
        }
    }

    private static void say(String order, String what, long value) {
        System.out.println(order + "." + what + "=" + value);
    }

    private static long liveHeapBytes() {
        ManagementFactory.getMemoryMXBean().gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private Map<String, String> taskConfiguration(String order) {
        Map<String, String> config = new HashMap<>();
        for (String part : new String[] {"key", "value", "header"}) {
            config.put(part + ".converter", "org.apache.kafka.connect.converters.ByteArrayConverter");
        }
        config.put("name", "memory");
        config.put("firn.path", archive.root().toString());
        config.put("restore.topics", LargeArchive.TOPIC);
        config.put("restore.topic.map", LargeArchive.TOPIC + ":restored");
        config.put("restore.order", order);
        FirnSourceConnector connector = new FirnSourceConnector();
        connector.start(config);
        try {
            return connector.taskConfigs(1).get(0);
        } finally {
            connector.stop();
        }
    }
}
