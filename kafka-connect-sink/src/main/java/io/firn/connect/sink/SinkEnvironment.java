package io.firn.connect.sink;

import io.firn.table.TableEnvironment;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * What a task takes from outside: files and time. Immutable.
 *
 * @param byIoMode files and wall clock of the tables, for the text of option {@code io.mode}
 * @param nanoClock counts nanoseconds from an arbitrary moment
 */
record SinkEnvironment(Function<String, TableEnvironment> byIoMode, LongSupplier nanoClock) {
    /** The local file system and the system's clocks. */
    static SinkEnvironment system() {
        return new SinkEnvironment(TableEnvironment::ofIoMode, System::nanoTime);
    }

    /** Files and wall clock as a configuration wants them. */
    TableEnvironment tables(FirnSinkConfig config) {
        return byIoMode.apply(config.ioMode()).withSharedFs(config.sharedFs());
    }
}
