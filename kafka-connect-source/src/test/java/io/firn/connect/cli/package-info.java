@NullMarked
package io.firn.connect.cli;

import org.jspecify.annotations.NullMarked;
