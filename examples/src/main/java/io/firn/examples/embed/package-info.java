/** The engine without Kafka: append, commit, tail from another process, query by time. */
@NullMarked
package io.firn.examples.embed;

import org.jspecify.annotations.NullMarked;
