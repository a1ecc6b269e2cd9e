/** Flink jobs over the archive. */
@NullMarked
package io.firn.examples.flink;

import org.jspecify.annotations.NullMarked;
