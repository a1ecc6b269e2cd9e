/** Tables: metadata, configuration, writers, readers and planning. */
@NullMarked
package io.firn.table;

import org.jspecify.annotations.NullMarked;
