package io.firn.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.log.LaneIdentity;
import io.firn.log.LaneName;
import io.firn.log.LaneSnapshot;
import io.firn.log.LaneState;
import io.firn.log.LogPosition;
import io.firn.log.Withdrawal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SinkLineageTest {
    private static final long SEQUENCE = 10;
    private static final long CHECKPOINT = 5;

    private final List<LaneSnapshot> lanes = new ArrayList<>();

    @Test
    void whatCameLaterOfTheAttemptItself() {
        lane("a", "job-1", 0, 25, "");
        assertThat(laterThan("a").withdrawals()).containsExactly(Withdrawal.from(LaneName.encode("a"), SEQUENCE));
    }

    @Test
    void nothingOfAnAttemptThatWroteNoMore() {
        lane("a", "job-1", 0, SEQUENCE, "");
        assertThat(laterThan("a").withdrawals()).isEmpty();
        assertThat(laterThan("unknown").withdrawals()).isEmpty();
    }

    @Test
    void attemptsThatWereRestoredFromItAndTheirSuccessors() {
        lane("a", "job-1", 0, SEQUENCE, "");
        lane("great-grandchild", "job-3", 0, 3, "grandchild@11");
        lane("grandchild", "job-2", 0, 3, "child@9");
        lane("child", "job-1", 0, 0, "a@5");
        lane("scaled", "job-2", 0, 3, "other@7 a@7");
        assertThat(names(laterThan("a"))).containsExactly("great-grandchild", "grandchild", "child", "scaled");
    }

    @Test
    void independentRunsOfTheSinkStay() {
        lane("a", "job-1", 0, SEQUENCE, "");
        lane("child", "job-2", 0, 3, "a@5");
        lane("independent", "job-3", 0, 3, "");
        lane("its child", "job-4", 0, 3, "independent@9");
        lane("sibling", "job-1", 1, 3, "");
        lane("predecessor", "job-0", 0, 3, "");
        LaterAttempts later = laterThan("a");
        assertThat(names(later)).containsExactly("child");
        assertThat(later.unproven()).isEmpty();
    }

    @Test
    void attemptsThatWereRestoredFromAnEarlierCheckpointOfItGoToo() {
        lane("a", "job-1", 0, SEQUENCE, "");
        lane("after a failure", "job-1", 0, 3, "a@4");
        assertThat(names(laterThan("a"))).containsExactly("after a failure");
    }

    @Test
    void aBranchOfAnEarlierAttemptStaysAndIsNamed() {
        lane("root", "job-1", 0, SEQUENCE, "");
        lane("before", "job-1", 0, SEQUENCE, "root@2");
        lane("a", "job-1", 0, SEQUENCE, "before@3");
        lane("branch", "job-2", 0, 3, "root@1");
        lane("empty branch", "job-2", 0, 0, "root@1");
        LaterAttempts later = laterThan("a");
        assertThat(later.withdrawals()).isEmpty();
        assertThat(later.unproven()).containsExactly("branch (it branched off before the attempts of this checkpoint)");
    }

    @Test
    void subtasksWithoutStateGoWithTheJobThatWasRestored() {
        lane("a", "job-1", 0, SEQUENCE, "");
        lane("restored", "job-2", 0, 3, "a@6");
        lane("added", "job-2", 2, 3, "");
        assertThat(names(laterThan("a"))).containsExactly("restored", "added");
    }

    @Test
    void theyStayWhenTheirJobMayAlsoHaveBegunFromNothing() {
        lane("a", "job-1", 0, SEQUENCE, "");
        lane("restored", "job-2", 0, 3, "a@6");
        lane("begun", "job-2", 0, 3, "");
        lane("added", "job-2", 2, 3, "");
        LaterAttempts later = laterThan("a");
        assertThat(names(later)).containsExactly("restored");
        assertThat(later.unproven()).containsExactly("added (a subtask that the checkpoint does not know)");
    }

    @Test
    void subtasksThatWereAddedInPlaceGoWithSubtask0() {
        lane("a", "job-1", 0, SEQUENCE, "");
        lane("b", "job-1", 1, SEQUENCE, "");
        lane("rescaled", "job-1", 0, 3, "a@7", "7");
        lane("its child", "job-1", 0, 3, "rescaled@8", "8");
        lane("added", "job-1", 2, 3, "", "7");
        lane("its successor", "job-1", 2, 3, "added@8", "8");
        lane("added later", "job-1", 3, 3, "", "8");
        LaterAttempts later = laterThan("a");
        assertThat(names(later)).containsExactly("rescaled", "its child", "added", "its successor", "added later");
        assertThat(later.unproven()).isEmpty();
        LaterAttempts ofAnother = laterThan("b");
        assertThat(ofAnother.withdrawals()).isEmpty();
        assertThat(ofAnother.unproven())
                .as("who has not got the state of subtask 0 proves nothing")
                .containsExactly(
                        "added (a subtask that the checkpoint does not know)",
                        "added later (a subtask that the checkpoint does not know)");
    }

    @Test
    void theyStayWhenTheirCheckpointMayBeOneOfAnotherRun() {
        lane("a", "job-1", 0, SEQUENCE, "");
        lane("rescaled", "job-1", 0, 3, "a@7", "7");
        lane("from elsewhere", "job-1", 0, 3, "unknown@7", "7");
        lane("added", "job-1", 2, 3, "", "7");
        assertThat(names(laterThan("a"))).containsExactly("rescaled");
    }

    @Test
    void theyStayWhenAnotherRunMayHaveBegunWithoutState() {
        lane("a", "job-1", 0, SEQUENCE, "");
        lane("rescaled", "job-1", 0, 3, "a@7", "7");
        lane("without state", "job-1", 0, 3, "", "7");
        lane("added", "job-1", 2, 3, "", "7");
        assertThat(names(laterThan("a"))).containsExactly("rescaled");
    }

    @Test
    void theyStayWithoutAnAttemptOfSubtask0FromTheSameCheckpoint() {
        lane("a", "job-1", 0, SEQUENCE, "");
        lane("rescaled", "job-1", 0, 3, "a@7", "7");
        lane("of another checkpoint", "job-1", 2, 3, "", "6");
        lane("of another job", "job-2", 2, 3, "", "7");
        lane("of an older build", "job-1", 2, 3, "");
        assertThat(names(laterThan("a"))).containsExactly("rescaled");
    }

    @Test
    void addedSubtasksOfTheJobThatIsRestoredNowStay() {
        lane("a", "own", 0, SEQUENCE, "");
        lane("dead attempt", "own", 0, 0, "a@5", "5");
        lane("alive", "own", 3, 3, "", "5");
        assertThat(names(laterThan("a"))).containsExactly("dead attempt");
    }

    @Test
    void addedSubtasksOfTheCheckpointItselfStay() {
        lane("root", "job-1", 0, SEQUENCE, "");
        lane("a", "job-1", 0, SEQUENCE, "root@3", "3");
        lane("of the checkpoint, too", "job-1", 2, SEQUENCE, "", "3");
        lane("child", "job-1", 0, 3, "a@6", "6");
        assertThat(names(laterThan("a"))).containsExactly("child");
    }

    @Test
    void livingSubtasksOfTheJobThatIsRestoredNowStay() {
        lane("a", "job-1", 0, SEQUENCE, "");
        lane("dead attempt", "own", 0, 0, "a@5");
        lane("alive", "own", 3, 3, "");
        lane("alive, too", "own", 1, 3, "b@5");
        assertThat(names(laterThan("a"))).containsExactly("dead attempt");
    }

    @Test
    void anAttemptOfTheCheckpointIsNeverTakenBackAsAWhole() {
        lane("a", "job-1", 0, SEQUENCE, "");
        lane("b", "job-1", 1, SEQUENCE + 5, "a@5");
        LaterAttempts later = laterThan("a", "b");
        assertThat(later.withdrawals()).containsExactly(Withdrawal.from(LaneName.encode("b"), SEQUENCE));
    }

    private LaterAttempts laterThan(String... restored) {
        List<RestoredAttempt> states = new ArrayList<>();
        for (String writer : restored) {
            states.add(new RestoredAttempt(writer, 2, SEQUENCE, CHECKPOINT, 2));
        }
        return new SinkLineage(lanes).laterThan(states, "own");
    }

    private List<String> names(LaterAttempts later) {
        assertThat(later.withdrawals()).allMatch(Withdrawal::whole);
        Map<String, String> writers = new HashMap<>();
        lanes.forEach(lane -> writers.put(lane.lane(), lane.identity().writer()));
        return later.withdrawals().stream()
                .map(withdrawal -> writers.get(withdrawal.lane()))
                .toList();
    }

    /** Parents are written as {@code writer@checkpoint}. */
    private void lane(String writer, String job, int subtask, long records, String parents) {
        lane(writer, job, subtask, records, parents, "");
    }

    private void lane(String writer, String job, int subtask, long records, String parents, String checkpoint) {
        Map<String, String> properties = new HashMap<>();
        if (!checkpoint.isEmpty()) {
            properties.put(SinkLineage.CHECKPOINT, checkpoint);
        }
        properties.put(SinkAttempts.SINK, "sink");
        properties.put(SinkAttempts.OWNER, job);
        properties.put(SinkAttempts.SUBTASK, Integer.toString(subtask));
        List<RestoredAttempt> restored = new ArrayList<>();
        for (String parent : parents.isEmpty() ? new String[0] : parents.split(" ", -1)) {
            String[] parts = parent.split("@", -1);
            restored.add(new RestoredAttempt(parts[0], 1, 1, Long.parseLong(parts[1]), 2));
        }
        properties.put(SinkLineage.RESTORED, SinkLineage.describe(restored));
        LaneIdentity identity = new LaneIdentity(writer, properties);
        LaneState state = new LaneState(records, 1, records, 0, 0, List.of(), List.of());
        lanes.add(new LaneSnapshot(identity.lane(), identity, 0, new LogPosition(1, 0), state, false));
    }
}
