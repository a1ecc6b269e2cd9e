/** Decompressed blocks, kept in memory by weight. */
@NullMarked
package io.firn.cache;

import org.jspecify.annotations.NullMarked;
