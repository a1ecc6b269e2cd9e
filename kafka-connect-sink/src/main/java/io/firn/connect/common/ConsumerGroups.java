package io.firn.connect.common;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.common.TopicPartition;

/** Asks a cluster where its consumer groups stand; groups of other kinds have no offsets. Thread-safe. */
public final class ConsumerGroups {
    private final Admin admin;
    private final Duration timeout;

    /**
     * Nothing is asked yet.
     *
     * @param admin a client, which is not closed
     * @param timeout for each answer
     */
    public ConsumerGroups(Admin admin, Duration timeout) {
        this.admin = admin;
        this.timeout = timeout;
    }

    /** The names of all consumer groups, ascending. */
    public Set<String> names() throws ExecutionException, TimeoutException, InterruptedException {
        Set<String> names = new TreeSet<>();
        for (GroupListing group : AdminReply.await(
                admin.listGroups(ListGroupsOptions.forConsumerGroups()).all(), timeout)) {
            names.add(group.groupId());
        }
        return names;
    }

    /** The next offset that a group reads in each partition in which it has one; of an unknown group there are none. */
    public Map<TopicPartition, Long> offsets(String group)
            throws ExecutionException, TimeoutException, InterruptedException {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        AdminReply.await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(group), timeout)
                .forEach((partition, offset) -> {
                    if (offset != null) {
                        offsets.put(partition, offset.offset());
                    }
                });
        return offsets;
    }
}
