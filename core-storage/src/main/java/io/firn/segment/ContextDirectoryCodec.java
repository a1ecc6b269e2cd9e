package io.firn.segment;

import io.firn.record.Utf8;
import io.firn.record.Varint;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The section that lists the contexts of a segment: varint lane count, the lanes; varint context count, then per
 * context varint reference, varint number of its lane, partition, zigzag base sequence, varint record count and, unless
 * that is 0, varint (first sequence - base), varint (last - first sequence), zigzag lowest timestamp, varint (highest -
 * lowest timestamp), varint offset of the first frame / 8. Strings are varint length and UTF-8. Thread-safe: no state.
 */
final class ContextDirectoryCodec {
    private static final int MAX_FIXED_SIZE = 9 * 10;

    private ContextDirectoryCodec() {}

    /** An upper bound of the encoded size. */
    static long maxSizeOf(List<ContextSummary> contexts) {
        long size = MAX_FIXED_SIZE;
        for (ContextSummary each : contexts) {
            size += MAX_FIXED_SIZE;
            size += Utf8.sizeOfString(each.context().lane());
            size += Utf8.sizeOfString(each.context().partitionPath());
        }
        return size;
    }

    static void encode(List<ContextSummary> contexts, ByteBuffer target) {
        Map<String, Integer> lanes = new LinkedHashMap<>();
        contexts.forEach(each -> lanes.putIfAbsent(each.context().lane(), lanes.size()));
        Varint.put(target, lanes.size());
        lanes.keySet().forEach(lane -> Utf8.putString(target, lane));
        Varint.put(target, contexts.size());
        for (ContextSummary each : contexts) {
            SegmentContext context = each.context();
            Varint.put(target, context.ref());
            Varint.put(target, lanes.getOrDefault(context.lane(), 0));
            Utf8.putString(target, context.partitionPath());
            Varint.put(target, Varint.zigzag(context.baseSequence()));
            Varint.put(target, each.recordCount());
            if (each.recordCount() > 0) {
                encodeRanges(each, target);
            }
        }
    }

    private static void encodeRanges(ContextSummary each, ByteBuffer target) {
        Range sequences = each.sequences();
        Range timestamps = each.timestamps();
        Varint.put(target, sequences.first() - each.context().baseSequence());
        Varint.put(target, sequences.last() - sequences.first());
        Varint.put(target, Varint.zigzag(timestamps.first()));
        Varint.put(target, timestamps.last() - timestamps.first());
        Varint.put(target, each.firstOffset() / SegmentFormat.SECTION_ALIGNMENT);
    }

    /** Decodes the remaining bytes; an {@link IllegalArgumentException} says what is wrong with them. */
    static List<ContextSummary> decode(ByteBuffer source) {
        int laneCount = SparseIndexCodec.boundedInt(source, source.remaining(), "lane count");
        List<String> lanes = new ArrayList<>(laneCount);
        for (int i = 0; i < laneCount; i++) {
            lanes.add(Utf8.getString(source));
        }
        int count = SparseIndexCodec.boundedInt(source, source.remaining(), "context count");
        List<ContextSummary> contexts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            contexts.add(decodeContext(lanes, source));
        }
        if (source.hasRemaining()) {
            throw new IllegalArgumentException(source.remaining() + " bytes behind the contexts");
        }
        return contexts;
    }

    private static ContextSummary decodeContext(List<String> lanes, ByteBuffer source) {
        int reference = SparseIndexCodec.boundedInt(source, SegmentFormat.MAX_CONTEXTS - 1, "context reference");
        int lane = SparseIndexCodec.boundedInt(source, lanes.size() - 1, "lane number");
        String partition = Utf8.getString(source);
        long base = Varint.unzigzag(Varint.get(source));
        SegmentContext context = new SegmentContext(reference, lanes.get(lane), partition, base);
        long records = Varint.get(source);
        if (records == 0) {
            return new ContextSummary(context, 0, Range.EMPTY, Range.EMPTY, 0);
        }
        long first = base + Varint.get(source);
        Range sequences = new Range(first, first + Varint.get(source));
        long min = Varint.unzigzag(Varint.get(source));
        Range timestamps = new Range(min, min + Varint.get(source));
        long firstOffset = Varint.get(source) * SegmentFormat.SECTION_ALIGNMENT;
        return new ContextSummary(context, records, sequences, timestamps, firstOffset);
    }
}
