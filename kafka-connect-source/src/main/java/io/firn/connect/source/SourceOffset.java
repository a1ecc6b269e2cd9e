package io.firn.connect.source;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * Where a replay stands, as Kafka Connect stores it: the partition {@code {"table.id": <id>, "lane": <name>}} and the
 * offset {@code {"sequence": <next sequence to replay>}}.
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

    private static final String SHAPE = "a source partition is {\"" + TABLE + "\": \"<table id>\", \"" + LANE
            + "\": \"<lane name>\"} and its offset {\"" + SEQUENCE
            + "\": <next sequence to replay, 0 or more>} or null; GET"
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

    /**
     * The next sequence to replay.
     *
     * @param offset what Connect stored, null when it stored nothing for the lane
     * @param whenAbsent the answer for null
     * @throws ConnectException when it is not an offset of this connector
     */
    static long nextSequence(@Nullable Map<String, ?> offset, long whenAbsent) {
        return offset == null ? whenAbsent : parseSequence(offset);
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
                parseSequence(offset);
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
    private static long parseSequence(Map<String, ?> offset) {
        Object value = offset.get(SEQUENCE);
        if (offset.size() == 1 && value instanceof Number number && isWhole(number) && number.longValue() >= 0) {
            return number.longValue();
        }
        throw new ConnectException("Invalid source offset " + offset + ": " + SHAPE + ".");
    }

    private static boolean isWhole(Number number) {
        if (number instanceof Double || number instanceof Float) {
            double value = number.doubleValue();
            return value == Math.rint(value) && Math.abs(value) <= 1L << 53;
        }
        return number instanceof Long || number instanceof Integer || number instanceof Short || number instanceof Byte;
    }
}
