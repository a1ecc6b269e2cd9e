/**
 * Broker, workers and registries in containers: part of the build only with {@code -Pcontainers}.
 *
 * <p>Here one line of JUnit is allowed: a missing Docker engine skips a test where that is asked for.
 */
@NullMarked
package io.firn.connect.testing.containers;

import org.jspecify.annotations.NullMarked;
