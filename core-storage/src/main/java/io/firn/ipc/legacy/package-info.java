/** Reads and migrates archives of the system before this one; goes away one release after the migration. */
@NullMarked
package io.firn.ipc.legacy;

import org.jspecify.annotations.NullMarked;
