package io.firn.flink.sink;

import io.firn.error.FirnException;
import io.firn.log.PendingCommit;
import java.io.IOException;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** The form of a prepared commit in checkpoints: the engine's own. Thread-safe; no state. */
final class PendingCommitSerializer implements SimpleVersionedSerializer<PendingCommit> {
    private static final int VERSION = 1;

    @Override
    public int getVersion() {
        return VERSION;
    }

    @Override
    public byte[] serialize(PendingCommit commit) {
        return commit.toBytes();
    }

    @Override
    public PendingCommit deserialize(int version, byte[] bytes) throws IOException {
        if (version != VERSION) {
            throw new IOException("The checkpoint holds a prepared commit of version " + version
                    + ", this version of Firn reads " + VERSION + "; restore with the version that wrote it");
        }
        try {
            return PendingCommit.fromBytes(bytes);
        } catch (FirnException unreadable) {
            throw new IOException("The checkpoint holds a prepared commit that cannot be read", unreadable);
        }
    }
}
