package io.firn.ipc.legacy;

import io.firn.compress.ZstdFrames;
import io.firn.error.CorruptDataException;
import io.firn.error.NotFoundException;
import io.firn.fs.FileStore;
import io.firn.fs.PooledBuffer;
import io.firn.fs.StoreFile;
import io.firn.ipc.legacy.ColdLegacyIndex.Frame;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** An old {@code .q.zst} file with its index; keeps the block that was used last. */
final class ColdLegacyBytes implements LegacyBytes {
    private final StoreFile file;
    private final ColdLegacyIndex index;
    private final ZstdFrames zstd = new ZstdFrames();
    private @Nullable PooledBuffer block;
    private int blockNumber = -1;

    private ColdLegacyBytes(StoreFile file, ColdLegacyIndex index) {
        this.file = file;
        this.index = index;
    }

    static ColdLegacyBytes open(FileStore store, Path path) {
        Path indexPath = indexOf(path);
        StoreFile file = store.openRead(path);
        try {
            return new ColdLegacyBytes(file, ColdLegacyIndex.read(store, indexPath, file.sizeBytes()));
        } catch (NotFoundException missing) {
            file.close();
            throw new CorruptDataException(
                    path,
                    0,
                    "its index " + indexPath + " is missing; restore the index, or make the hot file again with"
                            + " 'zstd -d " + path.getFileName() + "'");
        } catch (RuntimeException failed) {
            file.close();
            throw failed;
        }
    }

    static Path indexOf(Path cold) {
        return cold.resolveSibling(cold.getFileName() + ".idx");
    }

    @Override
    public Path path() {
        return file.path();
    }

    @Override
    public boolean isPreallocated() {
        return false;
    }

    @Override
    public long sizeBytes() {
        return index.rawBytes();
    }

    @Override
    public int read(ByteBuffer target, long position) {
        int before = target.position();
        long at = position;
        while (target.hasRemaining() && at < index.rawBytes()) {
            int number = (int) (at / index.blockBytes());
            ByteBuffer content = block(number);
            int offset = (int) (at - index.frames().get(number).rawOffset());
            int part = Math.min(target.remaining(), content.limit() - offset);
            target.put(target.position(), content, offset, part);
            target.position(target.position() + part);
            at += part;
        }
        return target.position() - before;
    }

    private ByteBuffer block(int number) {
        PooledBuffer present = block;
        if (present == null || number != blockNumber) {
            release();
            Frame frame = index.frames().get(number);
            present = zstd.decompress(file, frame.offset(), frame.bytes(), frame.rawBytes());
            block = present;
            blockNumber = number;
        }
        return present.bytes();
    }

    private void release() {
        PooledBuffer present = block;
        block = null;
        if (present != null) {
            present.close();
        }
    }

    @Override
    public void close() {
        release();
        zstd.close();
        file.close();
    }
}
