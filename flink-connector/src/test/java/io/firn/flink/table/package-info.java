/** Tests of SQL: real planner, real cluster, real files. */
@NullMarked
package io.firn.flink.table;

import org.jspecify.annotations.NullMarked;
