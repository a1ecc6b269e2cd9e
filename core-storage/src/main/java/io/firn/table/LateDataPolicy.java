package io.firn.table;

import io.firn.error.ConfigException;
import java.util.Locale;

/** What becomes of a record that is older than the partition being written: option {@code late.data.policy}. */
public enum LateDataPolicy {
    /** It goes to its partition, which is opened again. */
    ALLOW,
    /** It is refused with an {@link io.firn.error.InvalidRecordException}. */
    REJECT,
    /** It goes to a partition for late data. */
    ROUTE;

    /** The name in option texts. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static LateDataPolicy parse(String text) {
        for (LateDataPolicy policy : values()) {
            if (policy.text().equals(text)) {
                return policy;
            }
        }
        throw new ConfigException("use allow, reject or route");
    }
}
