@NullMarked
package io.firn.flink;

import org.jspecify.annotations.NullMarked;
