/** The source: lanes of a table become splits of logical sequences, and their records elements of a stream. */
@NullMarked
package io.firn.flink.source;

import org.jspecify.annotations.NullMarked;
