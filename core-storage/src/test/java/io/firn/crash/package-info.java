/** Whole processes that are killed in the middle of their work. */
@NullMarked
package io.firn.crash;

import org.jspecify.annotations.NullMarked;
