/** Flink jobs on a real cluster: every process of it is one of its own, and can be killed. */
@NullMarked
package io.firn.examples.flink;

import org.jspecify.annotations.NullMarked;
