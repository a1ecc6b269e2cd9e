/** Numeric streams: series of samples with labels, kept in ordinary tables. */
@NullMarked
package io.firn.series;

import org.jspecify.annotations.NullMarked;
