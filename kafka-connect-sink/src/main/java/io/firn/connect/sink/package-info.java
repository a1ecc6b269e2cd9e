@NullMarked
package io.firn.connect.sink;

import org.jspecify.annotations.NullMarked;
