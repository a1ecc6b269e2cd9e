package io.firn.record;

/** Who set a record's timestamp; the names are Kafka's. */
public enum TimestampType {
    /** Set by the producer, or by the application that appended the record. */
    CREATE_TIME,
    /** Set by the broker when it appended the record to its log. */
    LOG_APPEND_TIME
}
