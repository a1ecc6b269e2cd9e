package io.firn.partition;

import org.jspecify.annotations.Nullable;

/**
 * Finds fields in the bytes of a value or key. A field that is not found, or is null, is simply not reported.
 *
 * <p>Confined to one thread.
 */
interface FieldExtractor {
    /**
     * Reports the wanted fields to the sink, each at most once.
     *
     * @return null, or why the bytes could not be read to the end (fields found before that were reported)
     */
    @Nullable
    String extract(byte[] bytes, FieldSink sink);
}
