/** Bringing an archive of the old system into a table. */
@NullMarked
package io.firn.examples.migration;

import org.jspecify.annotations.NullMarked;
