package io.firn.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.partition.PartitionMapping;
import io.firn.record.RecordHeader;
import io.firn.record.StreamRecord;
import io.firn.table.TableReader;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What somebody remembers who saw everything that was done to a table: which values were ever appended under a
 * sequence, which were acknowledged or seen, and what was asked to go. Confined to one thread.
 */
final class HistoryOracle {
    static final PartitionMapping MAPPING = PartitionMapping.parse("p:string=header.p");
    static final int PARTITIONS = 3;
    static final int KEYS = 5;

    /** A record's name: a sequence that was given up and written again is the same one with another value. */
    record Id(String writer, long sequence) {
        String partition() {
            return writer.contains("@") ? "p0" : "p" + sequence % PARTITIONS;
        }

        String key() {
            return "k" + sequence % KEYS;
        }
    }

    private final Map<Id, Set<String>> appended = new HashMap<>();
    private final Map<Id, String> committed = new HashMap<>();
    private final Set<Id> mayGo = new HashSet<>();
    private final Set<Id> gone = new HashSet<>();
    private long next;
    private int removals;

    /** A new record of a name, with a value that was never used. */
    StreamRecord append(Id id) {
        String value = id.writer() + " " + id.sequence() + " " + next++ + "x".repeat((int) (next * 31 % 120));
        appended.computeIfAbsent(id, any -> new HashSet<>()).add(value);
        if (!committed.containsKey(id)) {
            mayGo.remove(id);
        }
        return StreamRecord.atMillis(next * 7919 % 1000)
                .key(bytes(id.key()))
                .headers(List.of(new RecordHeader("p", bytes(id.partition()))))
                .value(bytes(value))
                .build();
    }

    /** The values last appended are committed. */
    void acknowledge(Map<Id, String> records) {
        records.forEach((id, value) -> {
            String before = committed.put(id, value);
            assertThat(before).as("acknowledged before: %s", id).isIn(null, value);
        });
    }

    /** Somebody begins to remove records for ever; those that were committed by now, returned, go. */
    Set<Id> remove(Predicate<Id> which) {
        removals++;
        appended.keySet().stream().filter(which).forEach(mayGo::add);
        Set<Id> going = new HashSet<>(committed.keySet());
        going.removeIf(which.negate());
        return going;
    }

    /** They were removed. */
    void removed(Collection<Id> ids) {
        gone.addAll(ids);
    }

    /** The value that a reader stands on, which must be one that was appended, and the committed one if any is. */
    String check(TableReader reader) {
        Id id = new Id(reader.writer(), reader.record().sequence());
        StreamRecord record = reader.record().toRecord();
        String value = new String(Objects.requireNonNull(record.value()), StandardCharsets.UTF_8);
        assertThat(appended.getOrDefault(id, Set.of())).as("%s", id).contains(value);
        assertThat(reader.partitionPath()).isEqualTo("p=" + id.partition());
        assertThat(record.key()).isEqualTo(bytes(id.key()));
        return value;
    }

    /** A reader of committed records meets one. */
    Id meet(TableReader reader) {
        String value = check(reader);
        Id id = new Id(reader.writer(), reader.record().sequence());
        assertThat(committed.getOrDefault(id, value))
                .as("%s was seen before", id)
                .isEqualTo(value);
        committed.put(id, value);
        return id;
    }

    /** Somebody has read everything. */
    void see(Set<Id> seen) {
        Set<Id> back = new HashSet<>(gone);
        back.retainAll(seen);
        assertThat(back).as("came back").isEmpty();
        Set<Id> missing = new HashSet<>(committed.keySet());
        missing.removeAll(seen);
        gone.addAll(missing);
        missing.removeAll(mayGo);
        assertThat(missing).as("lost").isEmpty();
    }

    /** Somebody who followed from the beginning has seen whatever could not have gone meanwhile. */
    void followed(Set<Id> seen) {
        Set<Id> missing = new HashSet<>(committed.keySet());
        missing.removeAll(seen);
        missing.removeAll(mayGo);
        assertThat(missing).as("never seen by a follower").isEmpty();
    }

    /** How often somebody began to remove records. */
    int removals() {
        return removals;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String value(StreamRecord record) {
        return new String(Objects.requireNonNull(record.value()), StandardCharsets.UTF_8);
    }
}
