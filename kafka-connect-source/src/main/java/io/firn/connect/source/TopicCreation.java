package io.firn.connect.source;

import io.firn.connect.common.AdminReply;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What became of the wish for a topic.
 *
 * <p>Immutable; thread-safe.
 *
 * @param outcome whether it was created, or would be
 * @param topic as it is or would be, with the target's own defaults where the target shows them
 * @param replicationFactor replicas of each partition, {@link TopicToCreate#BROKER_DEFAULT} where it is not known
 * @param refusal why the target refuses it, else empty
 */
record TopicCreation(Outcome outcome, TargetTopic topic, int replicationFactor, String refusal) {
    private static final Logger LOG = LoggerFactory.getLogger(TopicCreation.class);
    private static final String MIN_IN_SYNC = "min.insync.replicas";

    /** How a creation ends. */
    enum Outcome {
        /** The topic was made, or would be. */
        DONE,
        /** Somebody else has made it. */
        EXISTS,
        /** The target does not make it. */
        REFUSED
    }

    /** Creates topics or tries to, and waits for what becomes of each. */
    static Map<String, TopicCreation> all(Admin admin, Collection<TopicToCreate> wanted, boolean onlyTry)
            throws InterruptedException, ExecutionException, TimeoutException {
        CreateTopicsResult results = admin.createTopics(
                wanted.stream().map(TopicToCreate::toNewTopic).toList(),
                new CreateTopicsOptions().validateOnly(onlyTry));
        Map<String, TopicCreation> creations = new HashMap<>();
        for (TopicToCreate topic : wanted) {
            creations.put(topic.name(), of(results, topic));
        }
        return creations;
    }

    private static TopicCreation of(CreateTopicsResult results, TopicToCreate wanted)
            throws InterruptedException, ExecutionException, TimeoutException {
        try {
            AdminReply.await(results.values().get(wanted.name()), TargetCluster.TIMEOUT);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicExistsException) {
                return unseen(Outcome.EXISTS, wanted, "");
            }
            if (e.getCause() instanceof ApiException refused && !(refused instanceof RetriableException)) {
                return unseen(Outcome.REFUSED, wanted, String.valueOf(refused.getMessage()));
            }
            throw e;
        }
        return seen(results, wanted);
    }

    private static TopicCreation unseen(Outcome outcome, TopicToCreate wanted, String refusal) {
        return new TopicCreation(outcome, wanted.toTarget(), wanted.replicationFactor(), refusal);
    }

    /** The target does not show what a topic is like to clients without DESCRIBE_CONFIGS. */
    private static TopicCreation seen(CreateTopicsResult results, TopicToCreate wanted)
            throws InterruptedException, TimeoutException {
        String name = wanted.name();
        try {
            Map<String, String> settings =
                    TargetCluster.values(AdminReply.await(results.config(name), TargetCluster.TIMEOUT));
            TargetTopic topic = new TargetTopic(
                    AdminReply.await(results.numPartitions(name), TargetCluster.TIMEOUT),
                    settings,
                    CreationOptions.SETTING);
            return new TopicCreation(
                    Outcome.DONE, topic, AdminReply.await(results.replicationFactor(name), TargetCluster.TIMEOUT), "");
        } catch (ExecutionException hidden) {
            LOG.debug("the target does not show a topic: topic={} cause={}", name, hidden.toString());
            return unseen(Outcome.DONE, wanted, "");
        }
    }

    /** What is wrong with it and how to mend it; empty when nothing is. */
    String problem(TopicToCreate wanted) {
        if (outcome == Outcome.REFUSED) {
            return "the target brokers refuse to create topic " + wanted + ": " + refusal + "; change that with "
                    + CreationOptions.SETTING + "<setting> (without a value: the brokers' default) or "
                    + CreationOptions.REPLICATION + ", or create the topic yourself";
        }
        long inSync = topic.number(MIN_IN_SYNC).orElse(0);
        if (replicationFactor > 0 && inSync > replicationFactor) {
            return "target topic " + wanted + " would have " + MIN_IN_SYNC + "=" + inSync + " and only "
                    + replicationFactor + " replicas, so no record could be written; "
                    + topic.remedy(MIN_IN_SYNC, Integer.toString(replicationFactor)) + ", or a higher "
                    + CreationOptions.REPLICATION;
        }
        return "";
    }
}
