/** Logs that are lost, rebuilt from the files that are left. */
@NullMarked
package io.firn.lifecycle.rebuild;

import org.jspecify.annotations.NullMarked;
