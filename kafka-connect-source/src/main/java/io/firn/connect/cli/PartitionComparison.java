package io.firn.connect.cli;

import io.firn.record.RecordView;
import java.io.IOException;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Compares an archived partition with a live one, record by record in their order, in bounded memory. Confined to one
 * thread.
 */
final class PartitionComparison {
    private final RecordRule rule;
    private final RollingHash hash = new RollingHash();
    private Optional<String> difference = Optional.empty();
    private long deleted;

    PartitionComparison(RecordRule rule) {
        this.rule = rule;
    }

    /**
     * What was found.
     *
     * @param records equal ones, in their order
     * @param deleted archived ones that compaction has taken from the topic
     * @param hash of those that are equal, as they are archived
     * @param difference the first one; empty when there is none
     */
    record Result(long records, long deleted, String hash, Optional<String> difference) {}

    /** Is told of each pair of equal records; ends the comparison with false. */
    interface Pairs {
        boolean equal(ArchivedRecords archived, ConsumerRecord<byte[], byte[]> live);
    }

    /** Compares with a topic into which the archive was replayed; ends at the first difference. */
    Result compare(ArchivedRecords archive, LiveRecords topic, Pairs pairs) throws IOException {
        while (difference.isEmpty()) {
            boolean isArchived = archive.next();
            boolean isLive = topic.next();
            if (!isArchived && !isLive) {
                break;
            }
            if (isArchived && isLive) {
                if (!pair(archive.record(), topic.record()) || !pairs.equal(archive, topic.record())) {
                    break;
                }
            } else {
                difference = Optional.of(
                        isArchived
                                ? "record " + archive.record().sequence() + " of the archive and those behind it are"
                                        + " not in the topic, which ends at offset " + topic.end()
                                : "the topic has more records, from offset "
                                        + topic.record().offset() + " on");
            }
        }
        return result();
    }

    /**
     * Compares with the topic that was archived: offsets are equal, too; what the topic has deleted meanwhile, or has
     * got since the last commit of the archive, is left out. Only records with keys are compacted.
     *
     * @param position the offset below which the archive has everything, 0 or more
     */
    Result compareOriginal(ArchivedRecords archive, long position, LiveRecords topic) throws IOException {
        long beginning = topic.beginning();
        boolean isPaired = true;
        boolean isLive = false;
        long next = 0;
        while (difference.isEmpty() && archive.next()) {
            long offset = archive.record().sequence();
            next = offset + 1;
            if (offset < beginning) {
                continue;
            }
            if (isPaired) {
                isLive = topic.next();
            }
            isPaired = isLive && topic.record().offset() == offset;
            if (isPaired) {
                pair(archive.record(), topic.record());
            } else if (offset < (isLive ? topic.record().offset() : topic.end())
                    && archive.record().keyLength() >= 0) {
                deleted++;
            } else {
                difference = Optional.of(
                        isLive
                                ? "the archive goes on with record " + offset + ", the topic with "
                                        + topic.record().offset()
                                : "record " + offset + " of the archive is not in the topic, which ends at offset "
                                        + topic.end());
            }
        }
        if (difference.isEmpty() && next < position) {
            boolean isMore = isPaired ? topic.next() : isLive;
            if (isMore && topic.record().offset() < position) {
                difference = Optional.of("offset " + topic.record().offset() + " of the topic is not in the archive,"
                        + " which has passed it: it stands at " + position);
            }
        }
        return result();
    }

    private boolean pair(RecordView archivedRecord, ConsumerRecord<byte[], byte[]> liveRecord) throws IOException {
        RecordContent expected = RecordContent.of(archivedRecord);
        try {
            difference = rule.difference(expected, RecordContent.of(liveRecord))
                    .map(text -> "record " + archivedRecord.sequence() + " of the archive and offset "
                            + liveRecord.offset() + " of the topic: " + text);
        } catch (UncomparableException unknown) {
            throw new IOException(
                    "Cannot compare record " + archivedRecord.sequence() + " of the archive with offset "
                            + liveRecord.offset() + " of " + liveRecord.topic() + "-" + liveRecord.partition() + ": "
                            + unknown.getMessage(),
                    unknown);
        }
        if (difference.isEmpty()) {
            expected.addTo(hash);
        }
        return difference.isEmpty();
    }

    private Result result() {
        return new Result(hash.records(), deleted, hash.end(), difference);
    }
}
