package io.firn.testing;

import io.firn.fs.FileStore;
import io.firn.fs.IoMode;
import java.nio.file.Path;
import java.util.Optional;

/** A store that says of itself what one on a mount of a network file system says. Thread-safe. */
public final class NetworkFileStore extends ForwardingFileStore {
    private final String type;

    /** Wraps a store; its file system has this type, for example {@code nfs4}. */
    public NetworkFileStore(FileStore delegate, String type) {
        super(delegate);
        this.type = type;
    }

    @Override
    public IoMode modeFor(Path existing) {
        return IoMode.CHANNEL;
    }

    @Override
    public Optional<String> networkFileSystem(Path path) {
        return Optional.of(type);
    }
}
