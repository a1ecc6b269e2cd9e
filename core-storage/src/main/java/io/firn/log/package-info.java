/** Lane and catalog logs: epochs, fencing, commit entries. */
@NullMarked
package io.firn.log;

import org.jspecify.annotations.NullMarked;
