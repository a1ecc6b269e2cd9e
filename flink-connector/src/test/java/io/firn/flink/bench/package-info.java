/** Benchmarks of the connector beside Flink's own, run by {@code -Pbench}. */
@NullMarked
package io.firn.flink.bench;

import org.jspecify.annotations.NullMarked;
