package io.firn.lifecycle;

import io.firn.partition.PartitionFilter;
import java.util.Optional;
import java.util.Set;

/**
 * What a run of the lifecycle shall do.
 *
 * @param steps what to do; always in the order drop or expire, erase, settle, compact, compress, decompress
 * @param scope how much of it
 * @param filter the partitions it is about
 * @param retention what {@link Step#EXPIRE} goes by; empty for the options of the table
 * @param erasure what {@link Step#ERASE} erases; there exactly with that step
 */
public record LifecycleRequest(
        Set<Step> steps,
        Scope scope,
        PartitionFilter filter,
        Optional<RetentionLimits> retention,
        Optional<Erasure> erasure) {
    /** Parts of a run. */
    public enum Step {
        /** Removes whole partitions for ever. */
        DROP,
        /** Removes the partitions that retention has reached. */
        EXPIRE,
        /** Removes single records for ever. */
        ERASE,
        /** Hot segments of all writers into files of one partition each. */
        SETTLE,
        /** Several small files of a partition to one. */
        COMPACT,
        /** Hot files to cold ones. */
        COMPRESS,
        /** Cold files back to hot ones. */
        DECOMPRESS
    }

    /** How much is done. */
    public enum Scope {
        /** What the table's options say is due. */
        DUE,
        /** Everything. */
        ALL
    }

    /** A request that goes by the retention of the table's options. */
    public LifecycleRequest(Set<Step> steps, Scope scope, PartitionFilter filter) {
        this(steps, scope, filter, Optional.empty(), Optional.empty());
    }

    /** Copies the set. */
    public LifecycleRequest {
        steps = Set.copyOf(steps);
        if (steps.contains(Step.ERASE) != erasure.isPresent()) {
            throw new IllegalArgumentException("steps " + steps + " do not go with erasure " + erasure);
        }
    }

    /** What is due by the table's options: what runs after commits and by the timer. */
    public static LifecycleRequest due() {
        return new LifecycleRequest(
                Set.of(Step.EXPIRE, Step.SETTLE, Step.COMPACT, Step.COMPRESS), Scope.DUE, PartitionFilter.all());
    }

    /** Settles everything that is committed. */
    public static LifecycleRequest settleAll() {
        return new LifecycleRequest(Set.of(Step.SETTLE), Scope.ALL, PartitionFilter.all());
    }

    /** Settles everything and compresses every file; leaves no hot file of a closed writer. */
    public static LifecycleRequest compressAll() {
        return new LifecycleRequest(Set.of(Step.SETTLE, Step.COMPRESS), Scope.ALL, PartitionFilter.all());
    }

    /** Decompresses every cold file. Under a policy that finds them due they are compressed again by the next run. */
    public static LifecycleRequest decompressAll() {
        return new LifecycleRequest(Set.of(Step.DECOMPRESS), Scope.ALL, PartitionFilter.all());
    }

    /** Makes one file of the small files of each partition. */
    public static LifecycleRequest compact() {
        return new LifecycleRequest(Set.of(Step.COMPACT), Scope.ALL, PartitionFilter.all());
    }

    /** Removes whole partitions for ever. */
    public static LifecycleRequest drop(PartitionFilter partitions) {
        return new LifecycleRequest(Set.of(Step.DROP), Scope.ALL, partitions);
    }

    /** Removes the partitions that are older, or above the size, that the table's options say. */
    public static LifecycleRequest expire() {
        return new LifecycleRequest(Set.of(Step.EXPIRE), Scope.ALL, PartitionFilter.all());
    }

    /** Removes the partitions that these limits have reached, whatever the table's options say. */
    public static LifecycleRequest expire(RetentionLimits limits) {
        return new LifecycleRequest(
                Set.of(Step.EXPIRE), Scope.ALL, PartitionFilter.all(), Optional.of(limits), Optional.empty());
    }

    /** Removes records of some keys for ever, or only counts them. */
    public static LifecycleRequest erase(Erasure erasure) {
        return new LifecycleRequest(
                Set.of(Step.ERASE), Scope.ALL, PartitionFilter.all(), Optional.empty(), Optional.of(erasure));
    }

    /** The same for some partitions only. */
    public LifecycleRequest where(PartitionFilter partitions) {
        return new LifecycleRequest(steps, scope, partitions, retention, erasure);
    }

    boolean does(Step step) {
        return steps.contains(step);
    }

    /** Whether hot segments are brought to an end: those of dead writers are closed first. */
    boolean touchesHot() {
        return steps.stream().anyMatch(step -> step != Step.DECOMPRESS && step != Step.COMPACT);
    }

    /** Whether directories of partitions may have become empty. */
    boolean removes() {
        return does(Step.DROP) || does(Step.EXPIRE) || does(Step.ERASE);
    }

    /** Whether nothing shall be changed. */
    boolean isDryRun() {
        return erasure.isPresent() && erasure.get().dryRun();
    }

    boolean isAll() {
        return scope == Scope.ALL;
    }
}
