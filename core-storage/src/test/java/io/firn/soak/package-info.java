/** Everything at once on one table, in several processes, for a long time. */
@NullMarked
package io.firn.soak;

import org.jspecify.annotations.NullMarked;
