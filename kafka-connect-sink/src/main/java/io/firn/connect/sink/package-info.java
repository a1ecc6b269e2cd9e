/**
 * The Kafka Connect sink: archives topics exactly once.
 *
 * <p>Everything here translates between Connect and the engine; files and formats are the engine's affair.
 */
@NullMarked
package io.firn.connect.sink;

import org.jspecify.annotations.NullMarked;
