package io.firn.testing;

import com.github.luben.zstd.Zstd;
import io.firn.fs.FileStore;
import io.firn.fs.StoreFile;
import io.firn.record.StreamRecord;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32;

/** Writes the files of the old system byte by byte, as its format is specified, without any code of the reader. Confined to one thread. */
@SuppressWarnings("ByteBufferBackingArray") // the buffers are allocated here
public final class LegacyFixture {
    private static final int PADDING = 0xFFFF;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** A record as the old writer was given it. */
    @SuppressWarnings("ArrayRecordComponent") // payloads are never changed or compared by equals
    public record Old(long sequence, long timestampNs, int typeId, byte[] payload) {
        /** A record with a payload of text. */
        public static Old of(long sequence, String payload) {
            return new Old(sequence, 1_000 + sequence, (int) sequence % 7, payload.getBytes(StandardCharsets.UTF_8));
        }

        /** How a table holds it. */
        public StreamRecord expected() {
            return StreamRecord.atNanos(timestampNs)
                    .typeId(typeId)
                    .value(payload)
                    .build();
        }
    }

    /** Starts a segment with its header. */
    public LegacyFixture(long id, boolean sealed) {
        bytes.writeBytes(buffer(64)
                .putInt(0, 0x53454730)
                .putInt(4, 2)
                .putInt(8, (int) id)
                .putInt(12, sealed ? 1 : 0)
                .array());
    }

    /** Adds to the file. */
    public LegacyFixture add(Old record) {
        bytes.writeBytes(encode(record));
        return this;
    }

    /** Adds to the file. */
    public LegacyFixture addAll(List<Old> records) {
        records.forEach(this::add);
        return this;
    }

    /** A padding record with so many bytes behind its header. */
    public LegacyFixture pad(int payloadBytes) {
        ByteBuffer record = buffer(roundUp(64 + payloadBytes));
        record.putInt(0, payloadBytes + 1).put(4, (byte) 1).putShort(24, (short) PADDING);
        bytes.writeBytes(record.array());
        return this;
    }

    /** Adds to the file. */
    public LegacyFixture zeros(int count) {
        bytes.writeBytes(new byte[count]);
        return this;
    }

    /** Adds to the file. */
    public LegacyFixture raw(byte[] more) {
        bytes.writeBytes(more);
        return this;
    }

    /** The file. */
    public byte[] bytes() {
        return bytes.toByteArray();
    }

    /** The bytes of one record. */
    public static byte[] encode(Old record) {
        ByteBuffer out = buffer(roundUp(64 + record.payload().length));
        CRC32 crc = new CRC32();
        crc.update(record.payload());
        out.putInt(0, record.payload().length + 1);
        out.put(4, (byte) 1);
        out.putLong(8, record.sequence());
        out.putLong(16, record.timestampNs());
        out.putShort(24, (short) record.typeId());
        out.putShort(26, (short) 0);
        out.putInt(28, (int) crc.getValue());
        out.put(64, record.payload());
        return out.array();
    }

    /** The records {@code from} to {@code to}, exclusive, with payloads of many lengths. */
    public static List<Old> records(int from, int to) {
        List<Old> records = new ArrayList<>();
        for (int i = from; i < to; i++) {
            records.add(Old.of(i, i % 5 == 0 ? "" : "payload " + i + " " + "x".repeat(i * 13 % 150)));
        }
        return records;
    }

    /** Writes a new file, durably. */
    public static void write(FileStore store, Path path, byte[] content) {
        Path parent = Objects.requireNonNull(path.getParent());
        makeDirectories(store, parent);
        StoreFile file = store.createExclusively(path).orElseThrow();
        try (file) {
            file.write(ByteBuffer.wrap(content), 0);
            file.force();
        }
        store.forceDirectory(parent);
    }

    /** Writes {@code <name>.zst} and its index, in blocks of so many bytes. */
    public static void writeCold(FileStore store, Path hotPath, byte[] content, int blockBytes) {
        ByteArrayOutputStream cold = new ByteArrayOutputStream();
        int count = (content.length + blockBytes - 1) / blockBytes;
        ByteBuffer index = buffer(24 + 24 * count);
        index.put("QZSTIDX1".getBytes(StandardCharsets.US_ASCII));
        index.putShort((short) 1).putShort((short) 24).putInt(blockBytes).putLong(count);
        for (int from = 0; from < content.length; from += blockBytes) {
            int length = Math.min(blockBytes, content.length - from);
            byte[] frame = Zstd.compress(Arrays.copyOfRange(content, from, from + length), 3);
            index.putLong(from).putLong(cold.size()).putInt(frame.length).putInt(length);
            cold.writeBytes(frame);
        }
        write(store, Path.of(hotPath + ".zst"), cold.toByteArray());
        write(store, Path.of(hotPath + ".zst.idx"), index.array());
    }

    private static void makeDirectories(FileStore store, Path directory) {
        if (!store.exists(directory)) {
            Path parent = Objects.requireNonNull(directory.getParent());
            makeDirectories(store, parent);
            store.createDirectory(directory);
            store.forceDirectory(parent);
        }
    }

    private static int roundUp(int length) {
        return (length + 63) / 64 * 64;
    }

    private static ByteBuffer buffer(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }
}
