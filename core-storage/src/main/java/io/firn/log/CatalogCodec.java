package io.firn.log;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Encodes catalog states (bases) and changes (entries) as log payloads. Layout in docs/format/log.md. */
final class CatalogCodec {
    private CatalogCodec() {}

    static byte[] encodeBase(CatalogState state, String owner) {
        PayloadWriter out = new PayloadWriter().string(owner).unsigned(state.nextNumber());
        writeChange(
                out,
                new CatalogChange(
                        List.copyOf(state.removals()), List.of(), List.copyOf(state.segments()), state.expired()));
        return out.toBytes();
    }

    static byte[] encodeChange(CatalogChange change, long nextNumber) {
        PayloadWriter out = new PayloadWriter().unsigned(nextNumber);
        writeChange(out, change);
        return out.toBytes();
    }

    /** The state after all entries of a log. */
    static CatalogState decode(LogContent content) {
        PayloadReader base = new PayloadReader(content.base(), content.path());
        base.string();
        CatalogState.Builder state = CatalogState.EMPTY.toBuilder();
        state.nextNumber(base.unsigned()).apply(readChange(base));
        return apply(content.entries(), content, state);
    }

    /** The same, going on from what an earlier read of the same log gave. */
    static CatalogState decode(LogContent content, CatalogSnapshot before) {
        List<LogEntry> added = content.entries().stream()
                .filter(entry -> entry.offset() >= before.logPosition().lengthBytes())
                .toList();
        return apply(added, content, before.state().toBuilder());
    }

    private static CatalogState apply(List<LogEntry> entries, LogContent content, CatalogState.Builder state) {
        for (LogEntry entry : entries) {
            PayloadReader in = new PayloadReader(entry, content.path());
            state.nextNumber(in.unsigned()).apply(readChange(in));
        }
        return state.build();
    }

    private static void writeChange(PayloadWriter out, CatalogChange change) {
        out.unsigned(change.removals().size());
        change.removals().forEach(removal -> writeRemoval(out, removal));
        out.unsigned(change.removedPaths().size());
        change.removedPaths().forEach(out::string);
        out.unsigned(change.added().size());
        change.added().forEach(entry -> writeSegment(out, entry));
        if (!change.expired().isEmpty()) {
            out.unsigned(change.expired().size());
            new TreeMap<>(change.expired())
                    .forEach((lane, records) -> out.string(lane).unsigned(records));
        }
    }

    private static CatalogChange readChange(PayloadReader in) {
        List<Removal> removals = in.list(() -> readRemoval(in));
        List<String> removedPaths = in.list(in::string);
        List<SegmentEntry> added = in.list(new SegmentReader(in)::next);
        Map<String, Long> expired = new HashMap<>();
        if (in.hasMore()) {
            in.list(() -> Map.entry(in.string(), in.unsigned()))
                    .forEach(lane -> expired.merge(lane.getKey(), lane.getValue(), Long::sum));
        }
        return new CatalogChange(removals, removedPaths, added, expired);
    }

    private static void writeRemoval(PayloadWriter out, Removal removal) {
        out.string(removal.path()).unsigned(removal.completeBytes()).unsigned(removal.records());
        out.unsigned(removal.contexts().size());
        removal.contexts().forEach(limit -> out.unsigned(limit.context()).signed(limit.lastSequence()));
    }

    private static Removal readRemoval(PayloadReader in) {
        String path = in.string();
        long completeBytes = in.unsigned();
        long records = in.unsigned();
        return new Removal(
                path,
                in.list(() -> new Removal.ContextLimit((int) in.unsigned(), in.signed())),
                completeBytes,
                records);
    }

    private static void writeSegment(PayloadWriter out, SegmentEntry entry) {
        out.string(entry.path())
                .string(entry.partitionPath())
                .flag(entry.cold())
                .unsigned(entry.sizeBytes())
                .unsigned(entry.rawBytes())
                .unsigned(entry.records())
                .signed(entry.minTimestampNs())
                .signed(entry.maxTimestampNs())
                .signed(entry.createdMs())
                .signed(entry.lastWriteMs());
        out.unsigned(entry.lanes().size());
        for (LaneRange range : entry.lanes()) {
            out.string(range.lane())
                    .signed(range.firstSequence())
                    .signed(range.lastSequence())
                    .unsigned(range.records());
        }
    }

    /** Reads segments one after the other; those of a partition and of a lane share its name. */
    private static final class SegmentReader {
        private final PayloadReader in;
        private String partitionPath = "";
        private String lane = "";

        SegmentReader(PayloadReader in) {
            this.in = in;
        }

        SegmentEntry next() {
            String path = in.string();
            partitionPath = in.stringOr(partitionPath);
            return new SegmentEntry(
                    path,
                    partitionPath,
                    in.flag(),
                    in.unsigned(),
                    in.unsigned(),
                    in.unsigned(),
                    in.signed(),
                    in.signed(),
                    in.signed(),
                    in.signed(),
                    in.list(this::nextLane));
        }

        private LaneRange nextLane() {
            lane = in.stringOr(lane);
            return new LaneRange(lane, in.signed(), in.signed(), in.unsigned());
        }
    }
}
