package io.firn.flink.table;

import io.firn.record.StreamRecord;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;

/**
 * SQL against an archive.
 *
 * @param environment runs it
 * @param root the archive
 */
record SqlSession(TableEnvironment environment, Path root) {
    static SqlSession batch(Path root) {
        return new SqlSession(inParallel(TableEnvironment.create(EnvironmentSettings.inBatchMode())), root);
    }

    static SqlSession streaming(Path root) {
        TableEnvironment environment = inParallel(TableEnvironment.create(EnvironmentSettings.inStreamingMode()));
        environment.getConfig().set("execution.checkpointing.interval", "200 ms");
        return new SqlSession(environment, root);
    }

    private static TableEnvironment inParallel(TableEnvironment environment) {
        environment.getConfig().set(CoreOptions.DEFAULT_PARALLELISM, 2);
        return environment;
    }

    /** Runs a statement to its end; {@code ${root}} is the archive. */
    void run(String statement) {
        try {
            environment.executeSql(resolve(statement)).await();
        } catch (ExecutionException failed) {
            throw new IllegalStateException(statement, failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** The rows of a query that ends, as text, ascending. */
    List<String> rows(String query) {
        List<String> rows = new ArrayList<>(inOrder(query));
        rows.sort(null);
        return rows;
    }

    /** The rows of a query that ends, as text, in its order. */
    List<String> inOrder(String query) {
        List<String> rows = new ArrayList<>();
        try (CloseableIterator<Row> results =
                environment.executeSql(resolve(query)).collect()) {
            results.forEachRemaining(row -> rows.add(row.toString()));
        } catch (Exception failed) {
            throw new IllegalStateException(query, failed);
        }
        return rows;
    }

    String explain(String query) {
        return environment.explainSql(resolve(query));
    }

    boolean isStreaming() {
        return environment.getConfig().get(ExecutionOptions.RUNTIME_MODE) == RuntimeExecutionMode.STREAMING;
    }

    private String resolve(String statement) {
        return statement.replace("${root}", root.toString());
    }

    Table open(String table) {
        return Table.open(root.resolve(table));
    }

    /** What is committed in a table, by partition, in the order of the writer. */
    TreeMap<String, List<StreamRecord>> records(String name) {
        TreeMap<String, List<StreamRecord>> records = new TreeMap<>();
        try (Table table = open(name);
                TableReader reader = table.reader(ScanOptions.ALL)) {
            while (reader.next()) {
                Objects.requireNonNull(records.computeIfAbsent(reader.partitionPath(), path -> new ArrayList<>()))
                        .add(reader.record().toRecord());
            }
        }
        return records;
    }
}
