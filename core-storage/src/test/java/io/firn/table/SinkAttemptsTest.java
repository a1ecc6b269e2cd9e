package io.firn.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.CorruptDataException;
import io.firn.error.WriterFencedException;
import io.firn.fs.FileTree;
import io.firn.log.AttemptCommits;
import io.firn.log.LaneName;
import io.firn.log.PendingCommit;
import io.firn.log.PendingCommit.RetiredAttempt;
import io.firn.partition.PartitionMapping;
import io.firn.record.StreamRecord;
import io.firn.testing.InMemoryFileStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SinkAttemptsTest {
    private static final PartitionMapping MAPPING = PartitionMapping.parse("k:string=key");
    private static final int SEGMENT_BYTES = 64 << 10;
    private static final int ARENA_BYTES = 4 * SEGMENT_BYTES;

    private final InstantSource clock = InstantSource.fixed(Instant.ofEpochMilli(1_000_000));
    private final InMemoryFileStore store = new InMemoryFileStore(ARENA_BYTES, clock);
    private final List<AttemptWriter> writers = new ArrayList<>();
    private Table table;
    private SinkAttempts job;

    @BeforeEach
    void createTable() {
        TableConfig config =
                TableConfig.builder().segmentSizeBytes(SEGMENT_BYTES).build();
        store.createDirectory(Path.of("/archive"));
        table = Table.create(
                Path.of("/archive/t"), MAPPING.scheme(), config, TableEnvironment.deterministic(store, clock));
        job = open("clicks", "job-1");
    }

    @AfterEach
    void close() {
        writers.forEach(AttemptWriter::close);
        table.close();
    }

    @Test
    void namesNeverRepeatAndOrdinalsAscendPerSubtask() {
        WriterOptions first = job.attempt(0, List.of()).build();
        WriterOptions second = job.attempt(0, List.of()).build();
        assertThat(first.name()).startsWith("clicks-0-").isNotEqualTo(second.name());
        assertThat(ordinals(begin(job, 0), begin(job, 0), begin(job, 1), begin(job, 0)))
                .containsExactly("1", "2", "1", "3");
        SinkAttempts other = open("clicks", "job-2");
        assertThat(ordinals(begin(other, 0))).containsExactly("1");
    }

    @Test
    void anAttemptSaysWhatItWasRestoredFrom() {
        RestoredAttempt one = new RestoredAttempt("one", 3, 30, 7, 2);
        RestoredAttempt two = new RestoredAttempt("two", 4, 40, 7, 2);
        assertThat(job.attempt(0, List.of(one, two)).build().properties())
                .containsEntry("firn.sink.restored", LaneName.encode("one") + "@7 " + LaneName.encode("two") + "@7");
        assertThat(job.attempt(0, List.of()).build().properties())
                .doesNotContainKeys("firn.sink.restored", "firn.sink.checkpoint");
        assertThat(job.attempt(2, List.of(), OptionalLong.of(7)).build().properties())
                .containsEntry("firn.sink.checkpoint", "7");
    }

    @Test
    void anAttemptOfAnotherSinkIsKnownByItsId() {
        RestoredAttempt ours = stateOf(begin(job, 0));
        RestoredAttempt other = stateOf(begin(open("views", "job-1"), 0));
        assertThat(job.otherSinkOf(ours)).isEmpty();
        assertThat(job.otherSinkOf(other)).contains("views");
        assertThat(job.otherSinkOf(new RestoredAttempt("unknown", 1, 1, 1, 1))).isEmpty();
    }

    private static RestoredAttempt stateOf(AttemptWriter writer) {
        return new RestoredAttempt(writer.name(), writer.lastPrepared(), writer.preparedSequence(), 1, 1);
    }

    @Test
    void afterATakeOverTheEarlierJobCommitsNothing() {
        AttemptWriter attempt = begin(job, 0);
        PendingCommit prepared = write(attempt, "a").prepare(List.of());
        SinkAttempts later = open("clicks", "job-2");
        assertThatThrownBy(() -> job.commit(prepared))
                .isInstanceOf(WriterFencedException.class)
                .hasMessageContaining("job-2")
                .hasMessageContaining("job-1");
        assertThat(values()).isEmpty();
        later.commit(prepared);
        assertThat(values()).as("the job that owns the sink may commit it").containsExactly("a");
    }

    @Test
    void theFirstCommitOfAnAttemptDeletesWhatItsDeadPredecessorsLeft() {
        AttemptWriter dead = write(begin(job, 0), "dead");
        AttemptWriter prepared = write(begin(job, 0), "prepared");
        prepared.prepare(List.of());
        AttemptWriter committed = begin(job, 0);
        AttemptWriter later = write(begin(job, 0), "later");
        AttemptWriter otherSubtask = write(begin(job, 1), "other subtask");
        AttemptWriter otherSink = write(begin(open("views", "job-1"), 0), "other sink");
        SinkAttempts otherJob = open("clicks", "job-2");
        AttemptWriter ofOtherJob = write(begin(otherJob, 0), "other job");
        AttemptWriter own = write(begin(otherJob, 0), "own");
        assertThat(files(dead)).hasSize(1);
        assertThat(files(prepared)).hasSize(1);

        otherJob.commit(own.prepare(List.of()));
        assertThat(files(ofOtherJob)).as("the same job and subtask, earlier").isEmpty();
        assertThat(files(dead)).as("another job's").hasSize(1);
        assertThat(AttemptCommits.progress(table.layout(), ofOtherJob.name()).retired())
                .isTrue();

        SinkAttempts again = open("views", "job-1");
        again.commit(otherSink.prepare(List.of()));
        assertThat(List.of(dead, prepared, later, otherSubtask))
                .allMatch(each -> files(each).size() == 1);
        assertThat(files(own)).hasSize(1);
        assertThat(values()).containsExactlyInAnyOrder("own", "other sink");
        assertThat(committed.lastPrepared()).isZero();
    }

    /** As a repartition made them once. */
    @Test
    void aPlainWriterWithThePropertiesOfAnAttemptIsNone() {
        WriterOptions copied = WriterOptions.named("copied")
                .properties(job.attempt(0, List.of()).build().properties())
                .mapping(MAPPING)
                .build();
        table.writer(copied).close();
        AttemptWriter attempt = begin(job, 0);
        assertThat(ordinals(attempt)).containsExactly("1");
        job.commit(write(attempt, "a").prepare(List.of(new RetiredAttempt("copied", 1))));
        assertThat(values()).containsExactly("a");
    }

    @Test
    void theFirstCommitLeavesLaterAttemptsAndOtherSubtasksAlone() {
        AttemptWriter dead = write(begin(job, 0), "dead");
        AttemptWriter committing = write(begin(job, 0), "committing");
        AttemptWriter later = write(begin(job, 0), "later");
        AttemptWriter otherSubtask = write(begin(job, 1), "other subtask");
        PendingCommit first = committing.prepare(List.of());
        job.commit(first);
        job.commit(first);
        assertThat(files(dead)).isEmpty();
        assertThat(files(later)).hasSize(1);
        assertThat(files(otherSubtask)).hasSize(1);
        job.commit(later.prepare(List.of(new RetiredAttempt(committing.name(), 1))));
        job.commit(otherSubtask.prepare(List.of()));
        assertThat(values()).containsExactlyInAnyOrder("committing", "later", "other subtask");
    }

    @Test
    void twoOperatorsOfOneJobWithOneSinkIdExcludeEachOtherAndTakeNothingFromEachOther() {
        SinkAttempts one = open("clicks", "job-1", "one");
        AttemptWriter first = write(begin(one, 0), "first");
        PendingCommit ofOne = first.prepare(List.of());
        SinkAttempts two = open("clicks", "job-1", "two");
        AttemptWriter second = write(begin(two, 0), "second");
        assertThat(ordinals(first, second)).containsExactly("1", "1");
        assertThatThrownBy(() -> one.commit(ofOne))
                .isInstanceOf(WriterFencedException.class)
                .hasMessageContaining("belongs to operator two of job-1, which claimed it after operator one of job-1");
        SinkAttempts committer = open("clicks", "job-1");
        assertThatThrownBy(() -> committer.commit(ofOne))
                .isInstanceOf(WriterFencedException.class)
                .hasMessageContaining("operator one");
        assertThatThrownBy(() -> open("clicks", "job-1", "one")).isInstanceOf(WriterFencedException.class);

        committer.commit(second.prepare(List.of()));
        assertThat(values()).containsExactly("second");
        assertThat(files(first)).as("what the other operator prepared").hasSize(1);
        open("clicks-1", "job-2").commit(ofOne);
        assertThat(values()).as("restored under an id of its own").containsExactlyInAnyOrder("first", "second");
    }

    @Test
    void theFirstCommitDeletesWhatIsLeftOfAnAttemptWhoseEndWasInterrupted() {
        AttemptWriter ended = write(begin(job, 0), "dead");
        AttemptWriter withPrepared = write(begin(job, 0), "prepared");
        withPrepared.prepare(List.of());
        for (AttemptWriter each : List.of(ended, withPrepared)) {
            AttemptCommits.retire(table.layout(), new RetiredAttempt(each.name(), each.lastPrepared()), clock);
            assertThat(files(each)).hasSize(1);
        }
        job.commit(write(begin(job, 0), "next").prepare(List.of()));
        assertThat(files(ended)).isEmpty();
        assertThat(files(withPrepared)).as("its prepared commit is missing").hasSize(1);
        assertThat(values()).containsExactly("next");
    }

    @Test
    void aSecondCommitLooksForNoPredecessors() {
        AttemptWriter committing = write(begin(job, 0), "1");
        job.commit(committing.prepare(List.of()));
        AttemptWriter earlierName = write(begin(job, 0), "alive");
        job.commit(write(committing, "2").prepare(List.of()));
        assertThat(files(earlierName)).hasSize(1);
    }

    @Test
    void ofARetiredAttemptTheFilesGoThatNoCommitNames() {
        AttemptWriter failed = write(begin(job, 0), "committed");
        job.commit(failed.prepare(List.of()));
        fillSegments(failed);
        assertThat(files(failed)).hasSizeGreaterThan(2);
        AttemptWriter next = write(begin(job, 0), "next");
        job.commit(next.prepare(List.of(new RetiredAttempt(failed.name(), 1))));
        assertThat(files(failed)).hasSize(1);
        assertThat(values()).containsExactlyInAnyOrder("committed", "next");
    }

    @Test
    void aRetiredAttemptWhoseLastPreparedCommitIsMissingKeepsItsFiles() {
        AttemptWriter failed = write(begin(job, 0), "1");
        job.commit(failed.prepare(List.of()));
        fillSegments(failed);
        failed.prepare(List.of());
        List<String> before = files(failed);
        assertThat(before).hasSizeGreaterThan(2);
        AttemptWriter next = write(begin(job, 0), "next");
        job.commit(next.prepare(List.of(new RetiredAttempt(failed.name(), 2))));
        assertThat(files(failed)).isEqualTo(before);
    }

    @Test
    void aStateIsBehindWhenTheTableHoldsMore() {
        AttemptWriter attempt = write(begin(job, 0), "1");
        PendingCommit first = attempt.prepare(List.of());
        RestoredAttempt state = state(attempt, 1);
        assertThat(job.isBehind(state)).as("not committed yet").isFalse();
        job.commit(first);
        assertThat(job.isBehind(state)).isFalse();
        job.commit(attempt.prepare(List.of()));
        assertThat(job.isBehind(state)).as("a commit without records").isFalse();
        PendingCommit more = write(attempt, "2").prepare(List.of());
        assertThat(job.isBehind(state)).as("prepared only").isFalse();
        job.commit(more);
        assertThat(job.isBehind(state)).isTrue();
    }

    @Test
    void aStateIsBehindWhatWasRestoredFromItButNotBehindItsOwnEnd() {
        AttemptWriter attempt = write(begin(job, 0), "1");
        job.commit(attempt.finish(List.of()));
        RestoredAttempt drained = state(attempt, 1);
        assertThat(job.isBehind(drained)).isFalse();
        AttemptWriter next = begin(open("clicks", "job-2"), 0, drained);
        SinkAttempts second = open("clicks", "job-2");
        second.commit(next.prepare(List.of(drained.retired())));
        assertThat(second.isBehind(drained)).as("it wrote nothing").isFalse();
        second.commit(write(next, "2").prepare(List.of()));
        assertThat(second.isBehind(drained)).isTrue();
    }

    @Test
    void withoutItsClaimNobodyCommits() {
        AttemptWriter zombie = write(begin(job, 0), "zombie");
        PendingCommit ofZombie = zombie.prepare(List.of());
        SinkAttempts later = open("clicks", "job-2");
        PendingCommit prepared = write(begin(later, 0), "a").prepare(List.of());
        loseClaims();

        for (SinkAttempts each : List.of(job, later)) {
            assertThatThrownBy(() -> each.commit(ofZombie))
                    .as("the overtaken job")
                    .satisfies(this::namesTheClaims);
            assertThatThrownBy(() -> each.commit(prepared)).satisfies(this::namesTheClaims);
        }
        assertThat(values()).isEmpty();
    }

    @Test
    void ofSeveralJobsWhoseClaimsAreLostNoneGoesOnButANewOneDoes() {
        PendingCommit ofZombie = write(begin(job, 0), "zombie").prepare(List.of());
        PendingCommit prepared = write(begin(open("clicks", "job-2"), 0), "a").prepare(List.of());
        loseClaims();

        for (String earlier : List.of("job-1", "job-2")) {
            assertThatThrownBy(() -> open("clicks", earlier)).satisfies(this::namesTheClaims);
        }
        SinkAttempts fresh = open("clicks", "job-3");
        fresh.commit(prepared);

        assertThat(values()).containsExactly("a");
        assertThatThrownBy(() -> job.commit(ofZombie)).isInstanceOf(WriterFencedException.class);
        assertThatThrownBy(() -> open("clicks", "job-2").commit(prepared)).satisfies(this::namesTheClaims);
    }

    @Test
    void ofSeveralOperatorsWhoseClaimsAreLostNoneGoesOn() {
        begin(open("clicks", "job-1", "one"), 0);
        begin(open("clicks", "job-1", "two"), 0);
        loseClaims();

        for (String operator : List.of("one", "two")) {
            assertThatThrownBy(() -> open("clicks", "job-1", operator)).satisfies(this::namesTheClaims);
        }
    }

    @Test
    void theOnlyJobOfASinkClaimsItAgainWhenItsClaimIsLost() {
        PendingCommit prepared = write(begin(job, 0), "a").prepare(List.of());
        loseClaims();
        assertThatThrownBy(() -> job.commit(prepared)).satisfies(this::namesTheClaims);

        open("clicks", "job-1").commit(prepared);

        assertThat(values()).containsExactly("a");
    }

    private void loseClaims() {
        FileTree.delete(store, table.layout().sinks());
    }

    private void namesTheClaims(Throwable refused) {
        assertThat(refused)
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining(table.layout().sinks().toString())
                .hasMessageContaining("'clicks'")
                .hasMessageContaining("job");
    }

    private SinkAttempts open(String sink, String jobId) {
        return SinkAttempts.open(table, new SinkOwner(sink, jobId, "", jobId));
    }

    private SinkAttempts open(String sink, String jobId, String operator) {
        return SinkAttempts.open(table, new SinkOwner(sink, jobId, operator, "operator " + operator + " of " + jobId));
    }

    private AttemptWriter begin(SinkAttempts attempts, int subtask, RestoredAttempt... restored) {
        AttemptWriter writer = table.attempt(
                attempts.attempt(subtask, List.of(restored)).mapping(MAPPING).build());
        writers.add(writer);
        return writer;
    }

    private static RestoredAttempt state(AttemptWriter writer, long checkpoint) {
        return new RestoredAttempt(writer.name(), writer.lastPrepared(), writer.preparedSequence(), checkpoint, 1);
    }

    private static AttemptWriter write(AttemptWriter writer, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        writer.append(StreamRecord.atMillis(1)
                .key("k".getBytes(StandardCharsets.UTF_8))
                .value(bytes)
                .build());
        return writer;
    }

    private static void fillSegments(AttemptWriter writer) {
        for (int i = 0; i < 5; i++) {
            write(writer, "x".repeat(SEGMENT_BYTES / 2));
        }
    }

    private List<String> ordinals(AttemptWriter... of) {
        List<String> ordinals = new ArrayList<>();
        for (AttemptWriter writer : of) {
            ordinals.add(AttemptCommits.progress(table.layout(), writer.name())
                    .lane()
                    .orElseThrow()
                    .identity()
                    .properties()
                    .get("firn.sink.ordinal"));
        }
        return ordinals;
    }

    private List<String> files(AttemptWriter writer) {
        return store.list(table.layout().hot()).stream()
                .filter(name -> name.startsWith(LaneName.encode(writer.name())))
                .toList();
    }

    private List<String> values() {
        List<String> values = new ArrayList<>();
        try (TableReader reader = table.reader(ScanOptions.ALL)) {
            while (reader.next()) {
                values.add(
                        StandardCharsets.UTF_8.decode(reader.record().value()).toString());
            }
        }
        return values;
    }
}
