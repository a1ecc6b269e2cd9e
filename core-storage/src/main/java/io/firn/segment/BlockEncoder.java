package io.firn.segment;

import io.firn.compress.SeekableZstdWriter;
import io.firn.fs.BufferPool;
import io.firn.fs.PooledBuffer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes each block in the form that is smallest: its frames, or their columns with values joined or as planes.
 *
 * <p>Columns are written only if decoding them gave back the very frames. All forms of the first block and of every
 * sixteenth are compressed and compared; the blocks between take the form that was smallest then, because compressing
 * everything three times would cost more than it saves. Confined to one thread.
 */
final class BlockEncoder {
    /** From one comparison of all forms to the next, in blocks. */
    static final int TRIAL_INTERVAL = 16;

    private final SeekableZstdWriter target;
    private final BufferPool buffers;
    private final ColumnarEncoder encoder;
    private final boolean columnar;
    private Form favourite = Form.FRAMES;
    private int untilTrial;

    private enum Form {
        FRAMES,
        JOINED,
        PLANES
    }

    BlockEncoder(SeekableZstdWriter target, BufferPool buffers, boolean columnar) {
        this.target = target;
        this.buffers = buffers;
        this.encoder = new ColumnarEncoder(buffers);
        this.columnar = columnar;
    }

    /**
     * Writes a block.
     *
     * @param frames whole frames from 0 to the limit, direct, checksum words zero
     * @return the block's encoding
     */
    int write(ByteBuffer frames) {
        boolean trial = untilTrial == 0;
        if (!columnar || (!trial && favourite == Form.FRAMES) || !encoder.read(frames)) {
            untilTrial = Math.max(0, untilTrial - 1);
            target.writeBlock(frames);
            return ColdFormat.ENCODING_FRAMES;
        }
        trial |= favourite == Form.PLANES && !encoder.hasPlanes();
        untilTrial = trial ? TRIAL_INTERVAL - 1 : untilTrial - 1;
        List<Form> forms = new ArrayList<>();
        List<PooledBuffer> columns = new ArrayList<>();
        try {
            addForm(Form.JOINED, trial, frames, forms, columns);
            if (encoder.hasPlanes()) {
                addForm(Form.PLANES, trial, frames, forms, columns);
            }
            return writeSmallest(trial || forms.isEmpty(), frames, forms, columns);
        } finally {
            columns.forEach(PooledBuffer::close);
        }
    }

    private void addForm(Form form, boolean trial, ByteBuffer frames, List<Form> forms, List<PooledBuffer> columns) {
        if (!trial && form != favourite) {
            return;
        }
        PooledBuffer encoded = encoder.encode(form == Form.PLANES);
        if (encoded != null) {
            columns.add(encoded);
            if (givesBack(encoded.bytes(), frames)) {
                forms.add(form);
            } else {
                columns.remove(encoded);
                encoded.close();
            }
        }
    }

    /** The proof: what readers will do, compared byte for byte. */
    private boolean givesBack(ByteBuffer encoded, ByteBuffer frames) {
        try (PooledBuffer decoded = ColumnarDecoder.decode(encoded, frames.limit(), buffers)) {
            return decoded.bytes().duplicate().clear().equals(frames.duplicate().position(0));
        } catch (IllegalArgumentException e) {
            return false; // stored as frames: nothing is lost
        }
    }

    private int writeSmallest(boolean withFrames, ByteBuffer frames, List<Form> forms, List<PooledBuffer> columns) {
        List<ByteBuffer> blocks = new ArrayList<>();
        List<Form> order = new ArrayList<>();
        if (withFrames) {
            blocks.add(frames);
            order.add(Form.FRAMES);
        }
        columns.forEach(each -> blocks.add(each.bytes()));
        order.addAll(forms);
        int[] sizes = target.writeSmallest(blocks);
        int smallest = 0;
        for (int i = 1; i < sizes.length; i++) {
            smallest = sizes[i] < sizes[smallest] ? i : smallest;
        }
        favourite = order.get(smallest);
        return favourite == Form.FRAMES ? ColdFormat.ENCODING_FRAMES : ColdFormat.ENCODING_COLUMNS;
    }
}
