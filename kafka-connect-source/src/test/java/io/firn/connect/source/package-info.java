@NullMarked
package io.firn.connect.source;

import org.jspecify.annotations.NullMarked;
