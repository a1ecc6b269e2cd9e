package io.firn.series.codec;

import java.util.OptionalInt;

/**
 * What the last chunk of a series taught about its decimals, so that the next need not search; wrong hints cost time,
 * never correctness. One per series, kept by its owner. Confined to one thread.
 */
public final class DecimalHint {
    private static final int UNKNOWN = -1;

    private int code = UNKNOWN;

    /** A hint that knows nothing yet. */
    public DecimalHint() {}

    /** The scale code of the last decimal chunk, as in the format; to be kept with the series. */
    public OptionalInt scaleCode() {
        return code == UNKNOWN ? OptionalInt.empty() : OptionalInt.of(code);
    }

    /** Sets a scale code that {@link #scaleCode} gave. */
    public void remember(int scaleCode) {
        if (!DecimalScale.isValid(scaleCode)) {
            throw new IllegalArgumentException("scale code " + scaleCode + " is not known");
        }
        code = scaleCode;
    }

    /** Takes over what another hint knows, without telling it anything. */
    void follow(DecimalHint other) {
        code = other.code;
    }
}
