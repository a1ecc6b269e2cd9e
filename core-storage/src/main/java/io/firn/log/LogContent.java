package io.firn.log;

import java.nio.file.Path;
import java.util.List;

/**
 * What one log file holds: a base and the entries after it, up to the first byte that is not a valid frame.
 *
 * @param path the log file
 * @param epoch its epoch, at least 1
 * @param base the state at the time of the fence
 * @param entries the changes after it in order
 * @param lengthBytes length of the valid part
 */
record LogContent(Path path, long epoch, LogEntry base, List<LogEntry> entries, long lengthBytes) {
    LogContent {
        entries = List.copyOf(entries);
    }

    LogPosition position() {
        return new LogPosition(epoch, lengthBytes);
    }
}
