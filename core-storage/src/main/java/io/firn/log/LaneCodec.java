package io.firn.log;

import java.util.List;

/** Encodes lane states (bases) and commits (entries) as log payloads. Layout in docs/format/log.md. */
final class LaneCodec {
    private LaneCodec() {}

    static byte[] encodeBase(LaneState state, LaneIdentity identity, String owner) {
        PayloadWriter out = new PayloadWriter().string(owner);
        writeBase(out, state, identity);
        return out.toBytes();
    }

    static void writeBase(PayloadWriter out, LaneState state, LaneIdentity identity) {
        identity.write(out);
        out.signed(state.position())
                .unsigned(state.commitNumber())
                .unsigned(state.records())
                .unsigned(state.gapCount())
                .unsigned(state.gapSequences());
        writeGaps(out, state.recentGaps());
        writeSegments(out, state.segments());
    }

    static byte[] encodeCommit(LaneCommit commit) {
        PayloadWriter out = new PayloadWriter().signed(commit.position());
        writeGaps(out, commit.gaps());
        writeSegments(out, commit.touched());
        return out.toBytes();
    }

    /** Who writes the lane. */
    static LaneIdentity identity(LogContent content) {
        PayloadReader in = new PayloadReader(content.base(), content.path());
        in.string();
        return LaneIdentity.read(in);
    }

    /** The state after all entries of a log. */
    static LaneState decode(LogContent content) {
        PayloadReader in = new PayloadReader(content.base(), content.path());
        in.string();
        LaneIdentity.read(in);
        LaneState state = readState(in);
        for (LogEntry entry : content.entries()) {
            PayloadReader commit = new PayloadReader(entry, content.path());
            long position = commit.signed();
            List<Gap> gaps = readGaps(commit);
            state = state.plus(new LaneCommit(position, readSegments(commit), gaps));
        }
        return state;
    }

    static LaneState readState(PayloadReader in) {
        return new LaneState(
                in.signed(),
                in.unsigned(),
                in.unsigned(),
                in.unsigned(),
                in.unsigned(),
                readGaps(in),
                readSegments(in));
    }

    private static void writeGaps(PayloadWriter out, List<Gap> gaps) {
        out.unsigned(gaps.size());
        gaps.forEach(gap -> out.signed(gap.from()).unsigned(gap.to() - gap.from()));
    }

    private static void writeSegments(PayloadWriter out, List<LaneSegment> segments) {
        out.unsigned(segments.size());
        for (LaneSegment segment : segments) {
            out.string(segment.path())
                    .signed(segment.baseSequence())
                    .unsigned(segment.lengthBytes())
                    .unsigned(segment.records())
                    .flag(segment.rolled());
        }
    }

    private static List<Gap> readGaps(PayloadReader in) {
        return in.list(() -> {
            long from = in.signed();
            return new Gap(from, from + in.unsigned());
        });
    }

    private static List<LaneSegment> readSegments(PayloadReader in) {
        return in.list(() -> new LaneSegment(in.string(), in.signed(), in.unsigned(), in.unsigned(), in.flag()));
    }
}
