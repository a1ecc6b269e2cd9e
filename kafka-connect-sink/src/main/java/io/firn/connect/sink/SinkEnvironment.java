package io.firn.connect.sink;

import io.firn.table.TableEnvironment;
import java.util.function.LongSupplier;

/**
 * What a task takes from outside: files and time. Immutable.
 *
 * @param tables files and wall clock of the tables
 * @param nanoClock counts nanoseconds from an arbitrary moment
 */
record SinkEnvironment(TableEnvironment tables, LongSupplier nanoClock) {
    /** The local file system and the system's clocks. */
    static SinkEnvironment system() {
        return new SinkEnvironment(TableEnvironment.system(), System::nanoTime);
    }
}
