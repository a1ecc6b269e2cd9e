package io.firn.flink.lifecycle;

import io.firn.error.ConfigException;
import io.firn.lifecycle.LifecycleRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What {@link FirnLifecycleJob} can do, in the order in which it does it. */
public enum LifecycleStep {
    /** Removes what is older or more than the table's retention. */
    EXPIRE,
    /** Brings hot records into their partitions. */
    SETTLE,
    /** Makes few files of many small ones. */
    COMPACT,
    /** Compresses, whatever the policy says. */
    COMPRESS,
    /** Reads everything and checks it. */
    VERIFY;

    /** Whether it is done for each partition rather than for a table as a whole. */
    boolean isOfPartition() {
        return this == COMPACT || this == COMPRESS;
    }

    LifecycleRequest request() {
        return switch (this) {
            case EXPIRE -> LifecycleRequest.expire();
            case SETTLE -> LifecycleRequest.settleAll();
            case COMPACT -> LifecycleRequest.compact();
            case COMPRESS -> LifecycleRequest.compressAll();
            case VERIFY -> throw new IllegalStateException("verify changes nothing");
        };
    }

    /**
     * Reads a list such as {@code settle,compress,verify}.
     *
     * @return the steps in the order in which they are done
     */
    static List<LifecycleStep> parse(String text) {
        List<LifecycleStep> steps = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            steps.add(Arrays.stream(values())
                    .filter(step -> step.name().equalsIgnoreCase(part.strip()))
                    .findFirst()
                    .orElseThrow(() -> new ConfigException("Invalid value '" + part + "' for 'steps': use a list of "
                            + Arrays.stream(values())
                                    .map(step -> step.name().toLowerCase(Locale.ROOT))
                                    .collect(Collectors.joining(", ")))));
        }
        return steps.stream().distinct().sorted().toList();
    }
}
