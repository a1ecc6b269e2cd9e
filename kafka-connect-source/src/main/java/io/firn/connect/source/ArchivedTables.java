package io.firn.connect.source;

import io.firn.error.FirnException;
import io.firn.table.ArchiveRoot;
import io.firn.table.ReadAheadStats;
import io.firn.table.Table;
import io.firn.table.TableEnvironment;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * The tables below an archive root that a connector or a task reads, open.
 *
 * <p>Confined to one thread.
 */
final class ArchivedTables implements AutoCloseable {
    private final SourceAccess access;
    private final Path root;
    private final TableEnvironment environment;
    private final Map<String, Table> tables = new TreeMap<>();

    /** Creates an empty set of tables below the root of a configuration. */
    ArchivedTables(FirnSourceConfig config) {
        this(config, SourceAccess.OF_PROCESS);
    }

    /** Creates an empty set of tables below the root of a configuration, of which some may be forbidden. */
    ArchivedTables(FirnSourceConfig config, SourceAccess access) {
        this.access = access;
        this.root = config.path();
        this.environment = config.environment();
    }

    /** Opens every table whose name matches and that is not open yet. */
    void openAll(Pattern names) {
        for (String name : ArchiveRoot.tablesBelow(root)) {
            if (names.matcher(name).matches()) {
                open(name);
            }
        }
    }

    /**
     * Opens a table that the connector has seen.
     *
     * @param name its name below the root
     * @param expected the id that the connector saw
     * @param plannedOn the host on which the connector saw it
     * @throws ConnectException when this host sees no table or another one: the root is not shared
     */
    void openPlanned(String name, UUID expected, String plannedOn) {
        UUID found;
        try {
            found = open(name).id();
        } catch (FirnException e) {
            throw notShared(name, plannedOn, "cannot open it (" + e.getMessage() + ")", e);
        }
        if (!found.equals(expected)) {
            throw notShared(name, plannedOn, "another table with id " + found + " there instead of " + expected, null);
        }
    }

    /** The open tables by name. */
    Map<String, Table> byName() {
        return Collections.unmodifiableMap(tables);
    }

    /** What was decompressed ahead for the readers of these tables. */
    ReadAheadStats readAheadStats() {
        return environment.readAheadStats();
    }

    /** Closes every table. Idempotent. */
    @Override
    public void close() {
        tables.values().forEach(Table::close);
        tables.clear();
    }

    private Table open(String name) {
        access.check(FirnSourceConfig.TABLE, root.resolve(name));
        return tables.computeIfAbsent(name, n -> Table.open(root.resolve(n), environment));
    }

    private ConnectException notShared(String name, String plannedOn, String finding, @Nullable Throwable cause) {
        return new ConnectException(
                "The connector planned table '" + name + "' below " + root + " on host " + plannedOn + ", but host "
                        + ArchiveRoot.hostName() + " finds " + finding + ". Every worker must see the same files at "
                        + FirnSourceConfig.PATH + ": mount one shared directory there.",
                cause);
    }
}
