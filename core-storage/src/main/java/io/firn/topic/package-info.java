/** What a table keeps of the Kafka topics whose records it holds: the engine stores it and does not interpret it. */
@NullMarked
package io.firn.topic;

import org.jspecify.annotations.NullMarked;
