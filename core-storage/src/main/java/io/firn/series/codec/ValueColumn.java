package io.firn.series.codec;

/** One way to encode the values of a vector. Implementations keep scratch memory: confined to one thread. */
interface ValueColumn {
    /**
     * Appends the values, at least one.
     *
     * @param limitBytes most bytes that may be appended
     * @return false when the codec does not suit these values or takes more; what was appended is then void
     */
    boolean encode(ValueVector vector, ByteSink sink, int limitBytes);

    /** Takes {@code count} values, at least one, and puts them from index {@code at} on. */
    void decode(ByteSource source, int count, double[] target, int at);
}
