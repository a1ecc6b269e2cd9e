/** Flink SQL: tables and a catalog of archives, translated into the sink, the source and what the logs already know. */
@NullMarked
package io.firn.flink.table;

import org.jspecify.annotations.NullMarked;
