/** A restore drill: three topics are archived, their cluster is destroyed, and consumers go on in a new one. */
@NullMarked
package io.firn.examples.drill;

import org.jspecify.annotations.NullMarked;
