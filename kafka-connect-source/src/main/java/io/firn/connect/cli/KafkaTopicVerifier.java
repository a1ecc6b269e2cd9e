package io.firn.connect.cli;

import io.firn.cli.CliCommand;
import io.firn.cli.CliContext;
import io.firn.cli.TopicVerifier;
import io.firn.connect.cli.PartitionComparison.Result;
import io.firn.table.Table;
import java.io.IOException;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Compares each archived partition with the one of the same number and prints its number of records and their rolling
 * hash, or the first difference. Confined to one thread.
 */
public final class KafkaTopicVerifier implements TopicVerifier {
    /** For the service loader. */
    public KafkaTopicVerifier() {}

    @Override
    public int verify(CliContext context, Table table, Topic topic) throws IOException {
        Cluster cluster = new Cluster(context, topic.bootstrapServers(), topic.clientConfig());
        List<ArchivedPartition> archived = ArchivedTopic.of(table).partitions();
        boolean same = true;
        try (RecordRule rule = RecordRule.of(context, table, live(topic));
                Consumer<byte[], byte[]> consumer = cluster.consumer()) {
            int partitions = cluster.partitions(consumer, topic.name());
            for (ArchivedPartition partition : archived) {
                if (partition.partition() >= partitions) {
                    context.line(topic.name() + "-" + partition.partition() + " differs: the topic has only "
                            + partitions + " partitions");
                    same = false;
                    continue;
                }
                same &= print(context, topic, partition, compare(partition, consumer, topic, rule));
            }
            same &= emptyBeyond(context, topic, archived, consumer, partitions);
        }
        context.line(same ? "identical" : "different");
        return same ? CliCommand.DONE : CliCommand.FAILED;
    }

    private static RecordRule.Topic live(Topic topic) {
        return new RecordRule.Topic(topic.name(), topic.original(), topic.registryConfig(), topic.converterConfig());
    }

    /** The archive is looked at first: what a running sink archives meanwhile is not behind the end of its topic. */
    private static Result compare(
            ArchivedPartition partition, Consumer<byte[], byte[]> consumer, Topic topic, RecordRule rule)
            throws IOException {
        long position = partition.position();
        try (ArchivedRecords records = new ArchivedRecords(topic.original() ? partition.newest() : partition)) {
            LiveRecords live = new LiveRecords(consumer, new TopicPartition(topic.name(), partition.partition()));
            PartitionComparison comparison = new PartitionComparison(rule);
            return topic.original()
                    ? comparison.compareOriginal(records, position, live)
                    : comparison.compare(records, live, (archived, record) -> true);
        }
    }

    /** A partition that is not in the archive must have nothing, unless it is the original. */
    private static boolean emptyBeyond(
            CliContext context,
            Topic topic,
            List<ArchivedPartition> archived,
            Consumer<byte[], byte[]> consumer,
            int count)
            throws IOException {
        boolean empty = true;
        for (int partition = 0; partition < count && !topic.original(); partition++) {
            int number = partition;
            if (archived.stream().noneMatch(known -> known.partition() == number)
                    && new LiveRecords(consumer, new TopicPartition(topic.name(), number)).next()) {
                context.line(topic.name() + "-" + number + " differs: the archive has no records of this partition");
                empty = false;
            }
        }
        return empty;
    }

    private static boolean print(CliContext context, Topic topic, ArchivedPartition partition, Result result)
            throws IOException {
        String name = topic.name() + "-" + partition.partition();
        if (result.difference().isPresent()) {
            context.line(name + " differs after " + result.records() + " equal records: "
                    + result.difference().get());
            return false;
        }
        context.line(name + " " + result.records() + " records, sha-256 " + result.hash()
                + (result.deleted() == 0 ? "" : "; " + result.deleted() + " more are deleted in the topic"));
        return true;
    }
}
