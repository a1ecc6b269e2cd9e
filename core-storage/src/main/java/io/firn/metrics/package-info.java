/** Counters that the engine keeps and adapters export. */
@NullMarked
package io.firn.metrics;

import org.jspecify.annotations.NullMarked;
