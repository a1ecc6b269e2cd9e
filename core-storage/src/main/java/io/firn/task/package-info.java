/** Work that is done now and then, beside the work of users. */
@NullMarked
package io.firn.task;

import org.jspecify.annotations.NullMarked;
