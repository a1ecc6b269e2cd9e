/** Jobs and failures for the tests of the connector. */
@NullMarked
package io.firn.flink.testing;

import org.jspecify.annotations.NullMarked;
