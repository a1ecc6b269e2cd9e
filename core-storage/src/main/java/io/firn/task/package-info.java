/** Work that is done now and then beside the work of users, or ahead of it on spare cores. */
@NullMarked
package io.firn.task;

import org.jspecify.annotations.NullMarked;
