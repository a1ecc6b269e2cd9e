/** When the files of a table were last read, told by all readers of all processes. */
@NullMarked
package io.firn.access;

import org.jspecify.annotations.NullMarked;
