/**
 * Connect's schemas and values as Avro: one translation for the sink (encodes), the source (decodes) and converters.
 * Other connectors take this package without the rest of the module; it uses nothing of the sink.
 */
@NullMarked
package io.firn.connect.avro;

import org.jspecify.annotations.NullMarked;
