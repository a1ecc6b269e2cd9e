package io.firn.flink.lifecycle;

import io.firn.flink.FlinkMemory;
import io.firn.flink.TableLocation;
import io.firn.table.ArchiveRoot;
import java.nio.file.Path;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.util.Collector;

/** The tables of an archive. */
final class ListTables implements FlatMapFunction<String, String> {
    private static final long serialVersionUID = 1L;
    private static final String ANY_TABLE = "any";

    @Override
    public void flatMap(String root, Collector<String> tables) {
        TableLocation location = TableLocation.of(root, ANY_TABLE);
        location.root();
        ArchiveRoot.tablesBelow(FlinkMemory.environment(location), Path.of(location.path()))
                .forEach(tables::collect);
    }
}
