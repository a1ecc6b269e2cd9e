/** Records and the frame format that stores them. */
@NullMarked
package io.firn.record;

import org.jspecify.annotations.NullMarked;
