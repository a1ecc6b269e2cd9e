@org.jspecify.annotations.NullMarked
package io.firn.examples.drill;
