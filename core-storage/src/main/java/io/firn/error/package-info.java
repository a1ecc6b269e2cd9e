/** The exceptions of the engine: one hierarchy, every message says what, where, expected, found and what to do. */
@NullMarked
package io.firn.error;

import org.jspecify.annotations.NullMarked;
