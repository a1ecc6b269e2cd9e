/** The lifecycle of a whole archive as a bounded job. */
@NullMarked
package io.firn.flink.lifecycle;

import org.jspecify.annotations.NullMarked;
