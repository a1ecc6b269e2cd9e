/**
 * What both connectors and the converter need of Kafka Connect: checks of options, the options of a schema registry,
 * metrics, questions to a cluster. Other connectors take this package without the rest of the module; it uses nothing
 * of the sink.
 */
@NullMarked
package io.firn.connect.common;

import org.jspecify.annotations.NullMarked;
