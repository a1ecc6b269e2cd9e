package io.firn.connect.sink;

import io.firn.connect.common.ConfigRules;
import io.firn.error.InvalidRecordException;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;

/** What becomes of records without a value, the tombstones of compacted topics. */
enum NullValues {
    /** They are archived like others, and replayed as tombstones. */
    WRITE,
    /** They are left out. */
    IGNORE,
    /** The task fails. */
    FAIL,
    /** They are reported to the worker. */
    ERRANT;

    /** The option. */
    static final String OPTION = "behavior.on.null.values";

    /** Adds the option to the definitions. */
    static void define(ConfigDef definition, String group, int order) {
        definition.define(
                OPTION,
                ConfigDef.Type.STRING,
                "write",
                ConfigRules.choices(NullValues.class),
                Importance.MEDIUM,
                "A record without a value (a tombstone): write archives it like any other, so that a replay deletes the"
                        + " key again; ignore leaves it out, counted in null-values-ignored-total; errant reports it to"
                        + " the worker (errors.tolerance, errors.deadletterqueue.topic.name); fail ends the task.",
                group,
                order,
                Width.MEDIUM,
                OPTION);
    }

    /** What a configuration wants. */
    static NullValues of(FirnSinkConfig config) {
        return ConfigRules.choice(NullValues.class, config.getString(OPTION));
    }

    /**
     * Whether a record without a value is to be archived; one that is not has been dealt with.
     *
     * @throws ConnectException when it must end the task
     */
    boolean admits(SinkRecord record, ErrantRecords errant, SinkMeters meters) {
        String what = "record " + RecordMapper.describe(record) + " has no value";
        switch (this) {
            case WRITE -> {
                return true;
            }
            case IGNORE -> meters.nullIgnored();
            case ERRANT -> errant.reportNull(record, new InvalidRecordException(what));
            case FAIL ->
                throw new ConnectException("The " + what + " and " + OPTION + "=fail. Take the tombstones out of the"
                        + " topic, or set " + OPTION + " to write, ignore or errant.");
        }
        return false;
    }
}
