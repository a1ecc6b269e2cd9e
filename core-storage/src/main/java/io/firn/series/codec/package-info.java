/** Lossless codecs of numeric series: chunks of samples, and groups of chunks. */
@NullMarked
package io.firn.series.codec;

import org.jspecify.annotations.NullMarked;
