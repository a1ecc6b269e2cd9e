package io.firn.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.error.WriterFencedException;
import io.firn.fs.FileStore;
import io.firn.lifecycle.rebuild.LostCatalog;
import io.firn.lifecycle.rebuild.RebuildReport;
import io.firn.lifecycle.verify.TableVerifier;
import io.firn.log.CatalogLog;
import io.firn.log.PendingCommit;
import io.firn.partition.PartitionFilter;
import io.firn.table.AttemptWriter;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableReader;
import io.firn.table.TableWriter;
import io.firn.testing.InMemoryFileStore;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A table on which writers, attempts of a two-phase sink and maintainers work as they like, none of whom sees a lock;
 * somebody keeps in mind what was committed and what is gone. Confined to one thread.
 */
final class ChangingTable {
    private static final LifecycleRequest DROP = LifecycleRequest.drop(PartitionFilter.exact("p", "odd"));

    private record Id(String writer, long sequence) {
        /** Whether a drop or an erasure takes it: {@link ErasableTable#record} puts it into a partition. */
        boolean isRemovable() {
            return sequence % 2 == 1 || sequence % 5 == 3;
        }
    }

    private record Prepared(PendingCommit commit, Set<Id> records) {}

    private final RandomGenerator random;
    private final FileStore store = WrittenTable.withoutLocks(new InMemoryFileStore());
    private final Table table;
    private final Set<Id> committed = new HashSet<>();
    private final Set<Id> gone = new HashSet<>();

    private @Nullable TableWriter writer;
    private final Set<Id> appended = new HashSet<>();
    private @Nullable AttemptWriter attempt;
    private int attempts;
    private final Queue<Prepared> prepared = new ArrayDeque<>();
    private @Nullable PendingCommit lastCommit;

    ChangingTable(RandomGenerator random) {
        this.random = random;
        ErasableTable.create(store);
        this.table = WrittenTable.open(store);
    }

    /** The files of the table, on which no lock keeps anybody away. */
    FileStore store() {
        return store;
    }

    /** Somebody does something. */
    void event() {
        switch (random.nextInt(6)) {
            case 0 -> goOnWriting();
            case 1 -> goOnWithAttempt();
            case 2 -> write();
            case 3 -> look();
            default -> WrittenTable.maintain(store, anyRequest());
        }
    }

    LifecycleRequest anyRequest() {
        return switch (random.nextInt(9)) {
            case 0 -> LifecycleRequest.settleAll();
            case 1 -> LifecycleRequest.settleAll().where(PartitionFilter.exact("p", "odd"));
            case 2 -> LifecycleRequest.settleAll().where(PartitionFilter.exact("p", "even"));
            case 3 -> LifecycleRequest.compressAll();
            case 4 -> LifecycleRequest.decompressAll();
            case 5 -> LifecycleRequest.compact();
            case 6 -> LifecycleRequest.due();
            case 7 -> DROP;
            default -> ErasableTable.ERASE;
        };
    }

    /** A writer comes, commits and goes. */
    void write() {
        try (TableWriter visitor = table.writer(ErasableTable.options("w" + random.nextInt(2)))) {
            for (int commits = 1 + random.nextInt(2); commits > 0; commits--) {
                Set<Id> records = append(visitor);
                rollOrNot(visitor);
                visitor.commit();
                committed.addAll(records);
            }
            if (random.nextBoolean()) {
                visitor.finish();
            }
        }
    }

    /** A writer that stays; maintainers that see no lock take it for a dead one. */
    private void goOnWriting() {
        TableWriter present = writer == null ? table.writer(ErasableTable.options("long")) : writer;
        writer = present;
        try {
            writeOn(present);
        } catch (WriterFencedException fenced) {
            leave(present);
        }
    }

    private void writeOn(TableWriter present) {
        switch (random.nextInt(6)) {
            case 0 -> {
                present.rollback();
                appended.clear();
            }
            case 1 -> {
                present.finish();
                committed.addAll(appended);
                leave(present);
            }
            case 2 -> {
                appended.addAll(append(present));
                rollOrNot(present);
            }
            default -> {
                appended.addAll(append(present));
                rollOrNot(present);
                present.commit();
                committed.addAll(appended);
                appended.clear();
            }
        }
    }

    private void leave(TableWriter present) {
        present.close();
        appended.clear();
        writer = null;
    }

    private Set<Id> append(TableWriter to) {
        Set<Id> records = new HashSet<>();
        for (int left = 1 + random.nextInt(6); left > 0; left--) {
            records.add(new Id(to.name(), to.append(ErasableTable.record(to.nextSequence()))));
        }
        return records;
    }

    private void rollOrNot(TableWriter to) {
        if (random.nextInt(3) == 0) {
            to.roll();
        }
    }

    private void goOnWithAttempt() {
        AttemptWriter present =
                attempt == null ? table.attempt(ErasableTable.options("attempt-" + attempts++)) : attempt;
        attempt = present;
        switch (random.nextInt(6)) {
            case 0, 1 -> prepared.add(prepare(present));
            case 2, 3 -> commitOne();
            case 4 -> repeatLastCommit();
            default -> end(present);
        }
    }

    private Prepared prepare(AttemptWriter present) {
        Set<Id> records = new HashSet<>();
        for (int left = random.nextInt(5); left > 0; left--) {
            long next = present.preparedSequence() + records.size();
            records.add(new Id(present.name(), present.append(ErasableTable.record(next))));
        }
        PendingCommit commit = present.prepare(List.of());
        return new Prepared(PendingCommit.fromBytes(commit.toBytes()), records);
    }

    private void end(AttemptWriter present) {
        prepared.add(new Prepared(present.finish(List.of()), Set.of()));
        attempt = null;
        while (!prepared.isEmpty()) {
            commitOne();
        }
    }

    private void commitOne() {
        Prepared next = prepared.poll();
        if (next != null) {
            table.commit(next.commit());
            committed.addAll(next.records());
            lastCommit = next.commit();
        }
    }

    private void repeatLastCommit() {
        if (lastCommit != null) {
            table.commit(lastCommit);
        }
    }

    /** Nothing is there twice or has come back, and only what may be removed is gone. */
    void look() {
        Set<Id> seen = read();
        committed.addAll(seen);
        for (Id id : committed) {
            if (seen.contains(id)) {
                assertThat(gone).as("came back").doesNotContain(id);
            } else {
                assertThat(id).as("lost").matches(Id::isRemovable);
                gone.add(id);
            }
        }
    }

    private Set<Id> read() {
        Set<Id> seen = new HashSet<>();
        try (Table opened = WrittenTable.open(store);
                TableReader reader = opened.reader(ScanOptions.ALL)) {
            while (reader.next()) {
                Id id = new Id(reader.writer(), reader.record().sequence());
                assertThat(seen.add(id)).as("%s is there once", id).isTrue();
                assertThat(reader.record().toRecord()).isEqualTo(ErasableTable.record(id.sequence()));
            }
        }
        return seen;
    }

    /** Everybody goes; the catalog is lost, and what is rebuilt shows what it showed. */
    void end() {
        if (writer != null) {
            leave(writer);
        }
        if (attempt != null) {
            end(attempt);
        }
        look();
        if (random.nextBoolean()) {
            WrittenTable.maintain(store, anyRequest());
            look();
        }
        assertSound();
        // Else the rebuild completes a removal that a kill interrupted (decision D43).
        CatalogLog.open(table.layout(), table.environment().clock()).close();
        Set<Id> before = read();
        LostCatalog.lose(store, random);
        RebuildReport report = LostCatalog.rebuild(store);
        assertThat(report.failures()).isEmpty();
        assertThat(report.unproven()).isEmpty();
        assertThat(read()).as("rebuilt").isEqualTo(before);
        assertSound();
        WrittenTable.maintain(store, LifecycleRequest.compressAll());
        look();
        table.close();
    }

    private void assertSound() {
        assertThat(TableVerifier.verify(table).damages()).isEmpty();
    }
}
