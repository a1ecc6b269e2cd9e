/** Firn for Apache Flink: what sink, source and SQL share. */
@NullMarked
package io.firn.flink;

import org.jspecify.annotations.NullMarked;
