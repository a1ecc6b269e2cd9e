package io.firn.connect.source;

import java.util.List;
import java.util.Locale;

/**
 * How a replayed record finds its Kafka partition in the target topic.
 *
 * <p>Immutable; thread-safe.
 *
 * @param kind the rule
 * @param number the partition of {@link Kind#FIXED}, 0 for the others
 */
record PartitionMode(Kind kind, int number) {
    /** Every form that can be written, with 0 as an example of a number. */
    static final List<String> EXAMPLES = List.of("preserve", "modulo", "key-hash", "fixed:0");

    private static final String FIXED_PREFIX = "fixed:";

    /** A rule. */
    enum Kind {
        /** The archived partition. */
        PRESERVE,
        /** The archived partition modulo the number of target partitions. */
        MODULO,
        /** The hash of the key as Kafka's producer makes it; records without key as {@link #MODULO}. */
        KEY_HASH,
        /** One partition for everything. */
        FIXED
    }

    /**
     * Reads {@code preserve}, {@code modulo}, {@code key-hash} or {@code fixed:<partition>}.
     *
     * @throws IllegalArgumentException saying what is accepted
     */
    static PartitionMode parse(String text) {
        String trimmed = text.trim().toLowerCase(Locale.ROOT);
        if (trimmed.startsWith(FIXED_PREFIX)
                && OriginValues.isPartition(
                        trimmed.substring(FIXED_PREFIX.length()).trim())) {
            return new PartitionMode(
                    Kind.FIXED,
                    Integer.parseInt(trimmed.substring(FIXED_PREFIX.length()).trim()));
        }
        return switch (trimmed) {
            case "preserve" -> new PartitionMode(Kind.PRESERVE, 0);
            case "modulo" -> new PartitionMode(Kind.MODULO, 0);
            case "key-hash" -> new PartitionMode(Kind.KEY_HASH, 0);
            default ->
                throw new IllegalArgumentException(
                        "use preserve, modulo, key-hash or fixed:<partition>, for example fixed:3");
        };
    }

    /** Whether the number of the target's partitions must be known. */
    boolean needsCount() {
        return kind == Kind.MODULO || kind == Kind.KEY_HASH;
    }

    @Override
    public String toString() {
        return kind == Kind.FIXED
                ? FIXED_PREFIX + number
                : kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
