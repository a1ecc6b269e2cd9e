package io.firn.access;

import io.firn.log.TableLayout;
import java.util.HashMap;
import java.util.Map;

/**
 * What the {@code .access_log} files of a table say, each read once. Confined to one thread.
 */
public final class AccessLogs {
    private static final Access NEVER = new Access(0, 0);

    private final TableLayout layout;
    private final Map<String, Map<String, Access>> read = new HashMap<>();

    /** Looks at a table; a log is read when a file of its directory is asked for. */
    public AccessLogs(TableLayout layout) {
        this.layout = layout;
    }

    /**
     * How a file was read; time and count are 0 when it never was, or nobody tells.
     *
     * @param path path relative to the table's directory, with {@code /}
     */
    public Access of(String path) {
        return read.computeIfAbsent(
                        directoryOf(path), directory -> new AccessLogFile(layout, layout.resolve(directory)).read())
                .getOrDefault(nameOf(path), NEVER);
    }

    static String directoryOf(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }

    static String nameOf(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
