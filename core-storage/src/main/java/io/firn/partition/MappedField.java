package io.firn.partition;

import io.firn.error.ConfigException;

/** A partition field together with the source of its values. */
record MappedField(PartitionField field, FieldSource source) {
    /** Refuses sources that can never give a value of the field's type. */
    MappedField {
        String remedy = remedy(field, source);
        if (!remedy.isEmpty()) {
            throw new ConfigException("Partition field '" + field.name() + "' of type "
                    + field.type().text() + " cannot come from " + source.text() + ": " + remedy);
        }
    }

    private static String remedy(PartitionField field, FieldSource source) {
        PartitionType type = field.type();
        if (source instanceof FieldSource.Topic && type != PartitionType.STRING) {
            return "a topic is a string; declare " + field.name() + ":string.";
        }
        if (source instanceof FieldSource.Partition && type.isTime()) {
            return "a Kafka partition is a number; declare " + field.name() + ":int.";
        }
        if (source instanceof FieldSource.Timestamp && !type.isTime()) {
            return "a timestamp gives a date, hour or minute; declare " + field.name() + ":date.";
        }
        return hasUnit(source) && !type.isTime() ? "a unit belongs to date, hour and minute fields only." : "";
    }

    private static boolean hasUnit(FieldSource source) {
        return unitOf(source) != EpochUnit.UNSPECIFIED;
    }

    private static EpochUnit unitOf(FieldSource source) {
        if (source instanceof FieldSource.Payload payload) {
            return payload.unit();
        }
        return source instanceof FieldSource.Header header ? header.unit() : EpochUnit.UNSPECIFIED;
    }

    /** The unit of numbers that stand for instants. */
    EpochUnit unit() {
        return unitOf(source);
    }

    String describe() {
        return field.describe() + "=" + source.text();
    }
}
