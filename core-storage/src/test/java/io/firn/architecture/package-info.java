/** Checks on the repository itself: layers, sizes, layout, documents. */
@NullMarked
package io.firn.architecture;

import org.jspecify.annotations.NullMarked;
