package io.firn.log;

import io.firn.error.FormatVersionException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/**
 * The prepared commit of a writer attempt: its data is durable, and any process may make it visible, any number of
 * times ({@link AttemptCommits#commit}).
 *
 * @param tableId the table
 * @param identity the attempt; its writer's name is used once
 * @param number 1 for the attempt's first prepared commit, one more with each
 * @param state everything of the attempt that is visible after this commit
 * @param retired attempts that end with this commit
 */
public record PendingCommit(
        UUID tableId, LaneIdentity identity, long number, LaneState state, List<RetiredAttempt> retired) {
    private static final int VERSION = 1;

    /** Copies the list. */
    public PendingCommit {
        if (number < 1) {
            throw new IllegalArgumentException("commit number " + number);
        }
        retired = List.copyOf(retired);
    }

    /**
     * An attempt that will never prepare again.
     *
     * @param writer the attempt's writer name
     * @param number its last prepared commit, 0 when it never prepared one
     */
    public record RetiredAttempt(String writer, long number) {}

    /** Name of the writer attempt. */
    public String writer() {
        return identity.writer();
    }

    /** A self-contained, versioned form for checkpoints; layout in docs/format/log.md. */
    public byte[] toBytes() {
        PayloadWriter out = new PayloadWriter()
                .unsigned(VERSION)
                .signed(tableId.getMostSignificantBits())
                .signed(tableId.getLeastSignificantBits())
                .unsigned(number);
        LaneCodec.writeBase(out, state, identity);
        out.unsigned(retired.size());
        retired.forEach(attempt -> out.string(attempt.writer()).unsigned(attempt.number()));
        return out.toBytes();
    }

    /**
     * The inverse of {@link #toBytes}.
     *
     * @throws FormatVersionException when a later version of Firn wrote the bytes
     */
    public static PendingCommit fromBytes(byte[] bytes) {
        PayloadReader in = new PayloadReader(new LogEntry(0, bytes), Path.of("pending commit"));
        long version = in.unsigned();
        if (version != VERSION) {
            throw new FormatVersionException(
                    "A pending commit has version " + version + ", this version of Firn reads " + VERSION);
        }
        UUID tableId = new UUID(in.signed(), in.signed());
        long number = in.unsigned();
        LaneIdentity identity = LaneIdentity.read(in);
        LaneState state = LaneCodec.readState(in);
        return new PendingCommit(
                tableId, identity, number, state, in.list(() -> new RetiredAttempt(in.string(), in.unsigned())));
    }
}
