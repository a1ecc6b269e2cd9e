/** Everything that is committed, read and compared with what is stored about it. */
@NullMarked
package io.firn.lifecycle.verify;

import org.jspecify.annotations.NullMarked;
