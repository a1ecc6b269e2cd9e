/** Examples of what happens to data after it is written. */
@NullMarked
package io.firn.examples.lifecycle;

import org.jspecify.annotations.NullMarked;
