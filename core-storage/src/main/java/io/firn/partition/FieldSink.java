package io.firn.partition;

/** Receives the values of wanted fields in the order in which an extractor meets them. */
interface FieldSink {
    /** A text; the characters are valid during the call only. */
    void text(int field, char[] chars, int offset, int length);

    /** The literal of a number in JSON notation; the characters are valid during the call only. */
    void number(int field, char[] chars, int offset, int length);

    /**
     * A date or time that a schema says a number is.
     *
     * @param iso in ISO 8601, with an offset unless it is local
     * @param number as it is stored
     */
    default void time(int field, String iso, long number) {
        char[] digits = Long.toString(number).toCharArray();
        number(field, digits, 0, digits.length);
    }

    /** Something that cannot be a partition value, for example {@code "an object"}. */
    void unusable(int field, String found);
}
