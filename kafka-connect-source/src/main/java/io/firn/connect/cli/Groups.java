package io.firn.connect.cli;

import io.firn.connect.common.AdminReply;
import io.firn.connect.common.ConsumerGroups;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** The consumer groups of a cluster. Confined to one thread. */
final class Groups implements AutoCloseable {
    /** Longer than the client waits by itself ({@code default.api.timeout.ms}). */
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private final Cluster cluster;
    private final Admin admin;
    private final ConsumerGroups groups;
    /** Offsets that were read, until they are changed here. */
    private final Map<String, Map<TopicPartition, Long>> known = new HashMap<>();

    private interface Question<T> {
        T ask() throws ExecutionException, TimeoutException, InterruptedException;
    }

    Groups(Cluster cluster) {
        this.cluster = cluster;
        this.admin = cluster.admin();
        this.groups = new ConsumerGroups(admin, TIMEOUT);
    }

    /** The names of all groups. */
    Set<String> names() throws IOException {
        return ask("list the groups", groups::names);
    }

    /** Where a group stands, by partition. */
    Map<TopicPartition, Long> offsets(String group) throws IOException {
        Map<TopicPartition, Long> read = known.get(group);
        if (read == null) {
            read = ask("read the offsets of group " + group, () -> groups.offsets(group));
            known.put(group, read);
        }
        return read;
    }

    /** Those of some groups that have members, each with what it is. */
    List<String> active(Collection<String> names) throws IOException {
        List<String> active = new ArrayList<>();
        for (String name : names) {
            describe(name)
                    .filter(group -> group.groupState() != GroupState.EMPTY && group.groupState() != GroupState.DEAD)
                    .ifPresent(group -> active.add(name + " (" + group.groupState() + ", "
                            + group.members().size() + " members)"));
        }
        return active;
    }

    /** What a group is; empty when the cluster does not know it. */
    private Optional<ConsumerGroupDescription> describe(String name) throws IOException {
        try {
            Map<String, ConsumerGroupDescription> found = ask(
                    "look at group " + name,
                    () -> AdminReply.await(
                            admin.describeConsumerGroups(List.of(name)).all(), TIMEOUT));
            return Optional.ofNullable(found.get(name));
        } catch (NoSuchGroupException none) {
            return Optional.empty();
        }
    }

    /** Moves a group, all partitions at once. */
    void move(String group, Map<TopicPartition, Long> offsets) throws IOException {
        Map<TopicPartition, OffsetAndMetadata> moved = new HashMap<>();
        offsets.forEach((partition, offset) -> moved.put(partition, new OffsetAndMetadata(offset)));
        known.remove(group);
        ask(
                "move group " + group,
                () -> AdminReply.await(
                        admin.alterConsumerGroupOffsets(group, moved).all(), TIMEOUT));
    }

    /** Takes a group's offsets away. */
    void forget(String group, Set<TopicPartition> partitions) throws IOException {
        known.remove(group);
        ask(
                "remove offsets of group " + group,
                () -> AdminReply.await(
                        admin.deleteConsumerGroupOffsets(group, partitions).all(), TIMEOUT));
    }

    private <T> T ask(String what, Question<T> question) throws IOException {
        try {
            return question.ask();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while it tried to " + what);
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause() == null ? failed : failed.getCause();
            if (cause instanceof GroupIdNotFoundException) {
                throw new NoSuchGroupException(what, cause);
            }
            throw new IOException(
                    "Cannot " + what + " on " + cluster.bootstrapServers() + ": " + cause.getMessage(), cause);
        } catch (TimeoutException | KafkaException failed) {
            throw new IOException("Cannot " + what + " on " + cluster.bootstrapServers() + ": " + failed, failed);
        }
    }

    @Override
    public void close() {
        admin.close();
    }

    /** The cluster does not know the group. */
    private static final class NoSuchGroupException extends IOException {
        private static final long serialVersionUID = 1L;

        NoSuchGroupException(String what, Throwable cause) {
            super("Cannot " + what + ": there is no such group", cause);
        }
    }
}
