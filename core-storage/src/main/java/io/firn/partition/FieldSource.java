package io.firn.partition;

import java.util.List;

/** Where a mapping takes the value of a partition field from. */
sealed interface FieldSource {
    /** The source as it is written in {@code partition.fields}. */
    String text();

    /** A field inside a structured value or key, or the whole of it as text when the path is empty. */
    record Payload(boolean ofKey, List<String> path, EpochUnit unit) implements FieldSource {
        public Payload {
            path = List.copyOf(path);
        }

        @Override
        public String text() {
            return (ofKey ? "key" : "value") + (path.isEmpty() ? "" : "." + String.join(".", path)) + unit.suffix();
        }
    }

    /** The last header of a name, as text. */
    record Header(String name, EpochUnit unit) implements FieldSource {
        @Override
        public String text() {
            return "header." + name + unit.suffix();
        }
    }

    /** The Kafka topic. */
    record Topic() implements FieldSource {
        @Override
        public String text() {
            return "topic";
        }
    }

    /** The Kafka partition. */
    record Partition() implements FieldSource {
        @Override
        public String text() {
            return "partition";
        }
    }

    /** The record's own timestamp. */
    record Timestamp() implements FieldSource {
        @Override
        public String text() {
            return "timestamp";
        }
    }

    /** The same text for every record. */
    record Constant(String value) implements FieldSource {
        @Override
        public String text() {
            return "'" + value.replace("'", "''") + "'";
        }
    }
}
