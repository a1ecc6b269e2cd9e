/** The sink: elements become records of a writer attempt, checkpoints prepare them, committers make them visible. */
@NullMarked
package io.firn.flink.sink;

import org.jspecify.annotations.NullMarked;
