/** Hot and cold segments behind one cursor contract. */
@NullMarked
package io.firn.segment;

import org.jspecify.annotations.NullMarked;
