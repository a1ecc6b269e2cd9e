/** Numeric streams of series stores as a source of Flink, and in SQL. */
@NullMarked
package io.firn.flink.series;

import org.jspecify.annotations.NullMarked;
