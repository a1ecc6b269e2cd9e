package io.firn.compress;

import com.github.luben.zstd.ZstdException;
import io.firn.error.CorruptDataException;
import io.firn.fs.BufferPool;
import io.firn.fs.PooledBuffer;
import io.firn.fs.StoreFile;
import java.nio.file.Path;

/**
 * Single zstd frames of files that this engine did not write. Confined to one thread.
 */
public final class ZstdFrames implements AutoCloseable {
    private final ZstdCodecs codecs = new ZstdCodecs(new BufferPool(0));

    /** Creates it; the native library is loaded with the first frame. */
    public ZstdFrames() {}

    /**
     * Reads and decompresses one frame.
     *
     * @param file the file
     * @param offset where the frame begins in the file
     * @param compressedBytes exact length of the frame
     * @param rawBytes exact length of its content
     * @return the content; the caller closes it
     * @throws CorruptDataException when the file ends before, or the frame is damaged or has another length
     */
    public PooledBuffer decompress(StoreFile file, long offset, int compressedBytes, int rawBytes) {
        PooledBuffer content = codecs.buffers().take(rawBytes);
        try (PooledBuffer frame = codecs.buffers().take(compressedBytes)) {
            int read = file.read(frame.bytes(), offset);
            if (read < compressedBytes) {
                throw damaged(file.path(), offset, "the file ends after " + read + " of " + compressedBytes + " bytes");
            }
            int written = codecs.decompress(frame.bytes(), compressedBytes, content.bytes(), rawBytes);
            if (written != rawBytes) {
                throw damaged(file.path(), offset, "expected " + rawBytes + " bytes of content, found " + written);
            }
            return content;
        } catch (ZstdException wrong) {
            content.close();
            throw damaged(file.path(), offset, String.valueOf(wrong.getMessage()));
        } catch (RuntimeException failed) {
            content.close();
            throw failed;
        }
    }

    private static CorruptDataException damaged(Path path, long offset, String reason) {
        return new CorruptDataException(path, offset, "zstd frame: " + reason);
    }

    @Override
    public void close() {
        codecs.close();
    }
}
