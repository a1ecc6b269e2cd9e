package io.firn.lifecycle.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.lifecycle.LifecycleRequest;
import io.firn.lifecycle.TableRecovery;
import io.firn.lifecycle.WrittenTable;
import io.firn.log.LaneName;
import io.firn.table.Table;
import io.firn.testing.CrashFileStore;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files whose names look like those of a table and hold numbers that no table gives away. */
class ForeignNamesTest {
    private final CrashFileStore machine = WrittenTable.machine();
    private final KeyedTable table = KeyedTable.create(machine);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "_table/catalog/99999999999999999999.log",
                "_table/lanes/<lane>/99999999999999999999.log",
                "_table/lanes/<lane>/99999999999999999999.commit.bak",
                "_table/hot/<lane>.99999999999999999999.e1.q",
                "_table/hot/<lane>.00000000000000000000.e99999999999999999999.q",
                "_table/expired/99999999999999999999-00000001.expired",
                "k=a/99999999999999999999-00000001.q"
            })
    void aNumberBeyondAllNumbersIsNoNameOfOurs(String name) {
        table.write("main", "first", "a", 2);
        Path file = WrittenTable.ROOT.resolve(name.replace("<lane>", LaneName.encode("main")));
        machine.createDirectory(Objects.requireNonNull(file.getParent()));
        table.put(file, ByteBuffer.allocate(0));
        table.run(LifecycleRequest.settleAll());
        table.write("main", "second", "a", 2);
        try (Table opened = WrittenTable.open(machine)) {
            assertThat(TableRecovery.recover(opened).failures()).isEmpty();
        }
        LostCatalog.lose(machine, new SplittableRandom(1));
        assertThat(LostLogs.rebuild(machine).failures()).isEmpty();
        assertThat(LostCatalog.rebuild(machine).failures()).isEmpty();
        assertThat(table.values()).containsExactly("first0", "first1", "second2", "second3");
        assertThat(table.damages()).isEmpty();
    }
}
