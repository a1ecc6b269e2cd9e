package io.firn.registry;

import io.firn.error.ConfigException;

/**
 * A schema that another one uses. Immutable; thread-safe.
 *
 * @param name what the schema calls it: a full name in Avro, a file in Protobuf, a URL in JSON Schema
 * @param subject where it is registered
 * @param version its version there, 1 or more
 */
public record SchemaReference(String name, String subject, int version) {
    /** Checks that the reference leads somewhere. */
    public SchemaReference {
        if (name.isEmpty() || subject.isEmpty() || version < 1) {
            throw new ConfigException("A schema reference needs a name, a subject and a version of 1 or more; found"
                    + " name '" + name + "', subject '" + subject + "', version " + version);
        }
    }
}
