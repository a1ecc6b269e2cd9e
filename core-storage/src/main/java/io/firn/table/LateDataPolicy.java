package io.firn.table;

import io.firn.error.ConfigException;
import java.util.Locale;

/**
 * What becomes of a record whose partition is earlier than the newest one that its writer has begun: option {@code
 * late.data.policy}.
 *
 * <p>Earlier means: by the date, hour and minute fields of the partition, in each field's time zone. A writer looks
 * only at its own records; one that goes on after a crash or rollback starts from what it has committed.
 */
public enum LateDataPolicy {
    /** It goes to its partition. */
    ALLOW,
    /** It is refused with an {@link io.firn.error.InvalidRecordException}; the writer goes on with the next record. */
    REJECT,
    /**
     * It goes to the partition for late data, which has null in the date, hour and minute fields ({@code
     * dt=__HIVE_DEFAULT_PARTITION__/origin=ATL}); timestamp and content stay as they are.
     */
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
