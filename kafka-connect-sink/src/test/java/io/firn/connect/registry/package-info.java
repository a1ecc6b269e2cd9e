/** Registries and clients of others, with which ours must agree. */
package io.firn.connect.registry;
