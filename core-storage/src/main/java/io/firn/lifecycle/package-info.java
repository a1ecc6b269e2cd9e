/** Settling, compressing and the other rewrites of sealed data. */
@NullMarked
package io.firn.lifecycle;

import org.jspecify.annotations.NullMarked;
