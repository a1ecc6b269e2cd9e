package io.firn.connect.sink;

import io.firn.testing.StoreCall;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * A process that archives structured records, whose schemas change all the time, until it is killed: it stops before
 * the n-th file operation of a phase, says so, and waits for its end. Arguments: archive root, phase, n.
 */
public final class KilledStructuredSink {
    static final String ACKNOWLEDGED = "acknowledged ";
    static final String STOPPED = "stopped ";
    static final int RECORDS_PER_PARTITION = 6_000;

    private static final int PARTITIONS = 2;
    private static final int MAX_BATCH = 20;
    private static final int BATCHES_PER_COMMIT = 3;
    private static final Duration BETWEEN_BATCHES = Duration.ofMillis(1_100);

    /** So many records of a partition have a schema in common, others for value, key and header. */
    private static final int PER_VALUE_SCHEMA = 15;

    private static final int PER_KEY_SCHEMA = 61;
    private static final int PER_HEADER_SCHEMA = 97;
    private static final int MAX_FIELDS = 9;

    private final Phase target;
    private long operationsLeft;
    private boolean committing;

    private KilledStructuredSink(Phase target, long operations) {
        this.target = target;
        this.operationsLeft = operations;
    }

    /** What the process does when it is killed. */
    enum Phase {
        /** Nothing in particular: the kill comes at any time. */
        APPEND,
        SCHEMA,
        COMMIT
    }

    /** The process. */
    public static void main(String[] arguments) throws InterruptedException {
        Phase phase = Phase.valueOf(arguments[1]);
        new KilledStructuredSink(phase, Long.parseLong(arguments[2])).run(Path.of(arguments[0]));
    }

    /** The archive of the process and the topic that it archives, the same in every process. */
    static TaskRig rig(Path root) {
        SourceLog log = new SourceLog("t", PARTITIONS).fill(new Random(1), RECORDS_PER_PARTITION);
        return new TaskRig(root, log).with("record.format", "structured").with("partition.fields", "");
    }

    /** What the converters make of a record, in every process. */
    static SinkRecord structured(SinkRecord record) {
        long number = record.kafkaOffset();
        int version = (int) (number / PER_VALUE_SCHEMA);
        SchemaAndValue key = text("key", record, PER_KEY_SCHEMA);
        Struct value = value(record.kafkaPartition(), version, number);
        return record.newRecord(
                record.topic(),
                record.kafkaPartition(),
                key.schema(),
                key.value(),
                value.schema(),
                value,
                record.timestamp(),
                new ConnectHeaders().add("h", text("header", record, PER_HEADER_SCHEMA)));
    }

    private static Struct value(int partition, int version, long number) {
        SchemaBuilder builder = SchemaBuilder.struct()
                .name("io.acme.Event" + partition)
                .version(1 + version)
                .field("number", Schema.INT64_SCHEMA);
        for (int i = 0; i < version % MAX_FIELDS; i++) {
            builder.field("field" + i, Schema.OPTIONAL_STRING_SCHEMA);
        }
        Struct value = new Struct(builder.build()).put("number", number);
        value.schema().fields().stream().skip(1).forEach(field -> value.put(field, field.name() + " of " + number));
        return value;
    }

    private static SchemaAndValue text(String what, SinkRecord record, int perSchema) {
        Schema schema = SchemaBuilder.string()
                .name(what + record.kafkaPartition() + "v" + record.kafkaOffset() / perSchema)
                .build();
        return new SchemaAndValue(schema, what + " " + record.kafkaOffset());
    }

    private void run(Path root) throws InterruptedException {
        TaskRig rig = rig(root);
        rig.store().runBefore(this::isWanted, this::countOperation);
        SinkTaskHarness task = rig.task();
        task.transform(KilledStructuredSink::structured);
        task.assign(rig.partitions());
        Random random = new Random(ProcessHandle.current().pid());
        while (true) {
            int delivered = task.iterate(1 + random.nextInt(MAX_BATCH));
            rig.advance(BETWEEN_BATCHES);
            if (random.nextInt(BATCHES_PER_COMMIT) == 0) {
                commit(task);
            }
            if (delivered == 0) {
                throw new IllegalStateException("nobody has killed this process, and the topic has ended");
            }
        }
    }

    private void commit(SinkTaskHarness task) {
        committing = true;
        task.commitAll();
        committing = false;
        Map<?, Long> committed = task.committed();
        System.out.println(ACKNOWLEDGED
                + committed.values().stream().mapToLong(Long::longValue).sum());
    }

    private boolean isWanted(StoreCall call) {
        return switch (target) {
            case APPEND -> false;
            case SCHEMA -> isOfSchema(call.path()) || isOfSchema(call.target());
            case COMMIT -> committing && StoreCall.any().test(call);
        };
    }

    private static boolean isOfSchema(Path path) {
        return path.toString().contains("schemas");
    }

    private void countOperation() {
        if (--operationsLeft == 0) {
            System.out.println(STOPPED + target);
            waitForTheEnd();
        }
    }

    private static void waitForTheEnd() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
