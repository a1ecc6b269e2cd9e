package io.firn.cli;

/** Numbers with what they count. Thread-safe: no state. */
final class Count {
    private Count() {}

    /** {@code 1 table}, {@code 2 tables}. */
    static String of(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
