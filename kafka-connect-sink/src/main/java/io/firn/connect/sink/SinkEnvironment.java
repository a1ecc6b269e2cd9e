package io.firn.connect.sink;

import io.firn.table.AllowedRoots;
import io.firn.table.TableEnvironment;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What a task takes from outside: files and time. Immutable.
 *
 * @param byIoMode files and wall clock of the tables, for the text of option {@code io.mode}
 * @param nanoClock counts nanoseconds from an arbitrary moment
 * @param allowed which paths a configuration may name; asked for anew each time
 */
record SinkEnvironment(
        Function<String, TableEnvironment> byIoMode, LongSupplier nanoClock, Supplier<AllowedRoots> allowed) {
    /** Files and time as given; the process's environment variables say which paths are allowed. */
    SinkEnvironment(Function<String, TableEnvironment> byIoMode, LongSupplier nanoClock) {
        this(byIoMode, nanoClock, AllowedRoots::ofProcess);
    }

    /** The local file system and the system's clocks. */
    static SinkEnvironment system() {
        return new SinkEnvironment(TableEnvironment::ofIoMode, System::nanoTime);
    }

    /** Which archive a connector may use. */
    ArchiveAccess access(FirnSinkConfig config) {
        return new ArchiveAccess(allowed.get(), tables(config));
    }

    /** Files and wall clock as a configuration wants them. */
    TableEnvironment tables(FirnSinkConfig config) {
        return byIoMode.apply(config.ioMode()).withSharedFs(config.sharedFs());
    }
}
