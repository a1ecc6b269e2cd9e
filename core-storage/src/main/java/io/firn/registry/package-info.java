/** Schema registries that speak Confluent's REST protocol, and the wire format that carries their ids. */
@NullMarked
package io.firn.registry;

import org.jspecify.annotations.NullMarked;
