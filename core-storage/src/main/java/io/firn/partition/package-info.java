/** Partition schemes, values, Hive paths, mappings from records and filters. */
@NullMarked
package io.firn.partition;

import org.jspecify.annotations.NullMarked;
