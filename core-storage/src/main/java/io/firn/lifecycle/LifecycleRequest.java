package io.firn.lifecycle;

import io.firn.partition.PartitionFilter;
import java.util.Set;

/**
 * What a run of the lifecycle shall do.
 *
 * @param steps what to do; always in the order settle, compress, decompress
 * @param scope how much of it
 * @param filter the partitions it is about
 */
public record LifecycleRequest(Set<Step> steps, Scope scope, PartitionFilter filter) {
    /** Parts of a run. */
    public enum Step {
        /** Hot segments of all writers into files of one partition each. */
        SETTLE,
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

    /** Copies the set. */
    public LifecycleRequest {
        steps = Set.copyOf(steps);
    }

    /** What is due by the table's options: what runs after commits and by the timer. */
    public static LifecycleRequest due() {
        return new LifecycleRequest(Set.of(Step.SETTLE, Step.COMPRESS), Scope.DUE, PartitionFilter.all());
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

    /** The same for some partitions only. */
    public LifecycleRequest where(PartitionFilter partitions) {
        return new LifecycleRequest(steps, scope, partitions);
    }

    boolean does(Step step) {
        return steps.contains(step);
    }

    boolean isAll() {
        return scope == Scope.ALL;
    }
}
