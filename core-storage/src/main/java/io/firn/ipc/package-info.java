/** The archive of market data streams: one writer per venue, symbol, date and stream over a table. */
@NullMarked
package io.firn.ipc;

import org.jspecify.annotations.NullMarked;
