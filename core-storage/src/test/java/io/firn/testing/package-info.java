/** What tests of all modules share: twins of the file store, seeded randomness, forked processes. */
@NullMarked
package io.firn.testing;

import org.jspecify.annotations.NullMarked;
