/** Tests of the codecs of numeric series. */
@NullMarked
package io.firn.series.codec;

import org.jspecify.annotations.NullMarked;
