package io.firn.schema;

import java.util.Locale;

/** Where in a record a schema's id stands. */
public enum RecordPart {
    /** In its key. */
    KEY,
    /** In its value. */
    VALUE;

    /** {@code key} or {@code value}: also the end of a subject's name. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
