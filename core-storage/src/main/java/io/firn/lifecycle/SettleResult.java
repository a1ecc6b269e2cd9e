package io.firn.lifecycle;

import java.util.List;

/**
 * What settling did.
 *
 * @param records records that now stand in files of their partition
 * @param scannedBytes committed bytes of hot segments that were read
 * @param segments new files
 * @param sizeBytes size of the new files
 */
record SettleResult(long records, long scannedBytes, int segments, long sizeBytes) {
    static SettleResult of(HotPass pass, List<Output> outputs) {
        long size =
                outputs.stream().mapToLong(output -> output.entry().sizeBytes()).sum();
        return new SettleResult(pass.recordCount(), pass.scannedBytes(), outputs.size(), size);
    }
}
