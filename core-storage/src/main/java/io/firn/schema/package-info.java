/** Schemas of what a table's records hold, kept once per table: the engine stores them and does not interpret them. */
@NullMarked
package io.firn.schema;

import org.jspecify.annotations.NullMarked;
