/** The file seam: every byte that the engine reads or writes goes through {@link io.firn.fs.FileStore}. */
@NullMarked
package io.firn.fs;

import org.jspecify.annotations.NullMarked;
