package io.firn.fs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A channel whose methods translate errors. Its owner closes it once. Thread-safe. */
final class CheckedChannel {
    private static final Logger LOG = LoggerFactory.getLogger(CheckedChannel.class);

    private final Path path;
    private final FileChannel channel;

    CheckedChannel(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    Path path() {
        return path;
    }

    long sizeBytes() {
        try {
            return channel.size();
        } catch (IOException e) {
            throw IoErrors.translate("get the size of", path, e);
        }
    }

    int read(ByteBuffer target, long position) {
        int total = 0;
        try {
            while (target.hasRemaining()) {
                int count = channel.read(target, position + total);
                if (count < 0) {
                    break;
                }
                total += count;
            }
            return total;
        } catch (IOException e) {
            throw IoErrors.translate("read", path, e);
        }
    }

    void write(ByteBuffer source, long position) {
        long offset = position;
        try {
            while (source.hasRemaining()) {
                offset += channel.write(source, offset);
            }
        } catch (IOException e) {
            throw IoErrors.translate("write", path, e);
        }
    }

    void truncate(long sizeBytes) {
        try {
            channel.truncate(sizeBytes);
        } catch (IOException e) {
            throw IoErrors.translate("truncate", path, e);
        }
    }

    /** Forces content and size; times of the file are not worth a second journal write. */
    void force() {
        try {
            channel.force(false);
        } catch (IOException e) {
            throw IoErrors.translate("force", path, e);
        }
    }

    MappedByteBuffer map(MapMode mode, long position, long sizeBytes) {
        try {
            return channel.map(mode, position, sizeBytes);
        } catch (IOException e) {
            throw IoErrors.translate("map", path, e);
        }
    }

    /** A failing close loses nothing that was promised: only a force promises. */
    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.warn("cannot close path={}", path, e);
        }
    }

    @Override
    public String toString() {
        return "file " + path;
    }
}
