/** Commands of the {@code firn} command line that look at a Kafka cluster. */
@NullMarked
package io.firn.connect.cli;

import org.jspecify.annotations.NullMarked;
