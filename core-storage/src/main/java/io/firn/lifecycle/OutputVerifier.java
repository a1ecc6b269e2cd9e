package io.firn.lifecycle;

import io.firn.error.CorruptDataException;
import io.firn.fs.FileStore;
import io.firn.segment.Segment;
import io.firn.segment.SegmentAccess;
import io.firn.segment.SegmentCursor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the whole content of new files back and compares it with what was read from the inputs. Confined to one thread.
 */
final class OutputVerifier {
    private final FileStore store;
    private final SegmentAccess access;

    OutputVerifier(FileStore store, SegmentAccess access) {
        this.store = store;
        this.access = access.withoutCache(); // the files get other names
    }

    /**
     * Checks outputs of one rewrite.
     *
     * @param outputs files; those of one partition in the order of their records
     * @param expected what the inputs hold of each partition
     * @throws CorruptDataException when anything differs
     */
    void verify(List<Output> outputs, Map<String, RecordDigest> expected) {
        Map<String, RecordDigest> found = new HashMap<>();
        for (Output output : outputs) {
            read(output, found.computeIfAbsent(output.entry().partitionPath(), path -> new RecordDigest()));
        }
        for (Output output : outputs) {
            String partition = output.entry().partitionPath();
            RecordDigest wanted = expected.getOrDefault(partition, new RecordDigest());
            RecordDigest present = found.getOrDefault(partition, new RecordDigest());
            if (!wanted.matches(present)) {
                throw damaged(output, "expected " + wanted + " of partition '" + partition + "', read back " + present);
            }
        }
        expected.forEach((partition, digest) -> {
            if (digest.count() > 0 && !found.containsKey(partition)) {
                throw new IllegalStateException("no file was made for " + digest + " of partition '" + partition + "'");
            }
        });
    }

    private void read(Output output, RecordDigest digest) {
        long before = digest.count();
        try (Segment segment = Segment.open(store, output.temporary(), access);
                SegmentCursor cursor = segment.cursor()) {
            while (cursor.next()) {
                digest.add(cursor.context().lane(), cursor.record());
                if (!cursor.context().partitionPath().equals(output.entry().partitionPath())) {
                    throw damaged(
                            output,
                            "found a record of partition '" + cursor.context().partitionPath() + "'");
                }
            }
        }
        long records = digest.count() - before;
        if (records != output.entry().records()) {
            throw damaged(output, "expected " + output.entry().records() + " records, read back " + records);
        }
        long sizeBytes = store.info(output.temporary()).sizeBytes();
        if (sizeBytes != output.entry().sizeBytes()) {
            throw damaged(output, "expected " + output.entry().sizeBytes() + " bytes, found " + sizeBytes);
        }
    }

    private static CorruptDataException damaged(Output output, String reason) {
        return new CorruptDataException(output.temporary(), 0, reason);
    }
}
