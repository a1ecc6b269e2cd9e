/** Seekable zstd files: the one place that calls zstd. */
@NullMarked
package io.firn.compress;

import org.jspecify.annotations.NullMarked;
