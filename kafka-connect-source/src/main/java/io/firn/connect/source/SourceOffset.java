package io.firn.connect.source;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * Where a replay stands, as Kafka Connect stores it: the partition {@code {"table.id": <id>, "lane": <name>}} and the
 * offset {@code {"sequence": <next sequence to replay>}}. From the second loop of a replay on, the offset also holds
 * {@code "loop": <how often everything was replayed before>}; an offset without it is one of the first loop.
 *
 * <p>A sequence names a record for ever: settling, compression and compaction move records between files and never
 * change it. So neither a file nor a place in a file is part of an offset. Immutable; thread-safe.
 */
final class SourceOffset {
    /** Key of the table's id in a source partition. */
    static final String TABLE = "table.id";

    /** Key of the lane's name in a source partition. */
    static final String LANE = "lane";

    /** Key of the next sequence to replay in a source offset. */
    static final String SEQUENCE = "sequence";

    /** Key of the number of the loop in a source offset; absent in the first one, which is 0. */
    static final String LOOP = "loop";

    private static final String SHAPE = "a source partition is {\"" + TABLE + "\": \"<table id>\", \"" + LANE
            + "\": \"<lane name>\"} and its offset {\"" + SEQUENCE
            + "\": <next sequence to replay, 0 or more>} (with \"" + LOOP + "\": <times that everything was replayed"
            + " before> from the second time on) or null; GET"
            + " /connectors/<name>/offsets shows the present ones";

    private SourceOffset() {}

    /**
     * The source partition of a lane.
     *
     * <p>A HashMap on purpose: Connect finds offsets by the serialized partition, whose entries stand in the order of
     * the map. {@code Map.of} has another order in every JVM; a HashMap is what the REST interface makes of a partition
     * that a user writes. The two names fall into different buckets, so its order does not depend on who was put first.
     */
    static Map<String, String> partition(UUID tableId, String lane) {
        Map<String, String> partition = new HashMap<>();
        partition.put(TABLE, tableId.toString());
        partition.put(LANE, lane);
        return partition;
    }

    /** The source offset after the record with this sequence. */
    static Map<String, Long> after(long sequence) {
        return Map.of(SEQUENCE, sequence + 1);
    }

    /** The source offset after the record with this sequence, in the loop with this number, 0 for the first. */
    static Map<String, Long> after(int loop, long sequence) {
        return loop == 0 ? after(sequence) : Map.of(SEQUENCE, sequence + 1, LOOP, (long) loop);
    }

    /**
     * Reads an offset.
     *
     * @param offset what Connect stored, null when it stored nothing for the lane
     * @throws ConnectException when it is not an offset of this connector
     */
    static ReplayPosition position(@Nullable Map<String, ?> offset) {
        return offset == null ? ReplayPosition.START : parse(offset);
    }

    /**
     * Checks offsets that a user asks for through the REST interface; a null offset resets its partition and is taken
     * for any partition, so that entries of deleted archives can be cleaned up.
     *
     * @throws ConnectException naming the bad entry and the shape it must have
     */
    static void checkAlteration(Map<Map<String, ?>, Map<String, ?>> offsets) {
        offsets.forEach((partition, offset) -> {
            if (offset != null) {
                checkPartition(partition);
                parse(offset);
            }
        });
    }

    private static void checkPartition(Map<String, ?> partition) {
        if (!partition.keySet().equals(Set.of(TABLE, LANE))
                || !(partition.get(TABLE) instanceof String table)
                || !(partition.get(LANE) instanceof String lane)
                || !isUuid(table)
                || lane.isEmpty()) {
            throw new ConnectException("Invalid source partition " + partition + ": " + SHAPE + ".");
        }
    }

    private static boolean isUuid(String text) {
        try {
            return UUID.fromString(text).toString().equals(text);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** JSON gives numbers back as Integer, Long or Double, whichever its reader prefers. */
    private static ReplayPosition parse(Map<String, ?> offset) {
        Object loop = offset.containsKey(LOOP) ? offset.get(LOOP) : Long.valueOf(0);
        int keys = offset.containsKey(LOOP) ? 2 : 1;
        if (offset.size() == keys
                && isCount(offset.get(SEQUENCE), Long.MAX_VALUE)
                && isCount(loop, Integer.MAX_VALUE)
                && offset.get(SEQUENCE) instanceof Number sequence
                && loop instanceof Number number) {
            return new ReplayPosition(number.intValue(), sequence.longValue());
        }
        throw new ConnectException("Invalid source offset " + offset + ": " + SHAPE + ".");
    }

    private static boolean isCount(@Nullable Object value, long max) {
        return value instanceof Number number
                && isWhole(number)
                && number.longValue() >= 0
                && number.longValue() <= max;
    }

    private static boolean isWhole(Number number) {
        if (number instanceof Double || number instanceof Float) {
            double value = number.doubleValue();
            return value == Math.rint(value) && Math.abs(value) <= 1L << 53;
        }
        return number instanceof Long || number instanceof Integer || number instanceof Short || number instanceof Byte;
    }
}
