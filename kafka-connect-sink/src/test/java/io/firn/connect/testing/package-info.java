/**
 * A real broker, real Connect workers and an independent oracle, for tests and for the quickstart.
 *
 * <p>Nothing here depends on a test framework, and nothing here survives the JVM that started it.
 */
@NullMarked
package io.firn.connect.testing;

import org.jspecify.annotations.NullMarked;
