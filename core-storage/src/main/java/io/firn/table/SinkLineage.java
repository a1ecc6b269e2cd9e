package io.firn.table;

import io.firn.log.LaneIdentity;
import io.firn.log.LaneSnapshot;
import io.firn.log.Withdrawal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which attempts of a sink descend from a checkpoint: by what each one said of the attempts that it was restored from
 * when it began (decision D57).
 *
 * <p>Confined to one thread.
 */
final class SinkLineage {
    /** Lane property: the attempts that this one was restored from, each as {@code <lane>@<checkpoint id>}. */
    static final String RESTORED = "firn.sink.restored";

    /** Lane property: id of the checkpoint that the job was restored from, also where it had none for the subtask. */
    static final String CHECKPOINT = "firn.sink.checkpoint";

    private final Map<String, LaneSnapshot> lanes = new LinkedHashMap<>();
    private final Map<String, List<String>> parents = new HashMap<>();

    /** Creates the lineage of the lanes of one sink. */
    SinkLineage(List<LaneSnapshot> lanesOfSink) {
        for (LaneSnapshot lane : lanesOfSink) {
            lanes.put(lane.lane(), lane);
            parents.put(lane.lane(), parentsOf(lane.identity()));
        }
    }

    /** What an attempt says of its origin. */
    static String describe(Collection<RestoredAttempt> restored) {
        return restored.stream()
                .map(attempt -> attempt.lane() + "@" + attempt.checkpointId())
                .collect(Collectors.joining(" "));
    }

    private static List<String> parentsOf(LaneIdentity identity) {
        List<String> found = new ArrayList<>();
        for (String one : identity.properties().getOrDefault(RESTORED, "").split(" ", -1)) {
            int at = one.lastIndexOf('@');
            if (at > 0) {
                found.add(one.substring(0, at));
            }
        }
        return found;
    }

    /**
     * What was written after a checkpoint.
     *
     * @param restored attempts of the checkpoint
     * @param ownJob the job that is being restored: attempts of it that were restored from nothing may be alive
     */
    LaterAttempts laterThan(Collection<RestoredAttempt> restored, String ownJob) {
        Map<String, RestoredAttempt> known = new HashMap<>();
        restored.forEach(attempt -> known.put(attempt.lane(), attempt));
        Set<String> later = descendants(known, ownJob);
        List<Withdrawal> withdrawals = new ArrayList<>();
        for (LaneSnapshot lane : lanes.values()) {
            RestoredAttempt attempt = known.get(lane.lane());
            if (attempt != null && lane.state().position() > attempt.nextSequence()) {
                withdrawals.add(Withdrawal.from(lane.lane(), attempt.nextSequence()));
            } else if (later.contains(lane.lane())) {
                withdrawals.add(Withdrawal.whole(lane.lane()));
            }
        }
        return new LaterAttempts(withdrawals, unproven(known, later));
    }

    /**
     * Whoever was restored from an attempt that was alive at the checkpoint, be it from an earlier checkpoint: what it
     * wrote is no part of the checkpoint, and comes again from there on.
     */
    private Set<String> descendants(Map<String, RestoredAttempt> known, String ownJob) {
        Set<String> later = new HashSet<>();
        boolean more = true;
        while (more) {
            Set<String> jobs = jobsThatBeganWith(later, ownJob);
            Set<Restart> restarts = restartsOf(later, ownJob);
            more = false;
            for (String lane : lanes.keySet()) {
                boolean descends =
                        parentsIn(lane).stream().anyMatch(parent -> known.containsKey(parent) || later.contains(parent))
                                || (parentsIn(lane).isEmpty() && jobs.contains(jobOf(lane)))
                                || (parentsIn(lane).isEmpty() && restarts.contains(Restart.of(identityOf(lane))));
                more |= descends && !known.containsKey(lane) && later.add(lane);
            }
        }
        return later;
    }

    /**
     * Jobs that began with an attempt restored from another job's: all their attempts came after that, also those of
     * subtasks for which the checkpoint had no state. Not when subtask 0 ever began without a checkpoint: then another
     * run of the job may have begun from nothing.
     */
    private Set<String> jobsThatBeganWith(Set<String> later, String ownJob) {
        Set<String> jobs = new HashSet<>();
        for (String lane : later) {
            boolean fromAnother = parentsIn(lane).stream()
                    .filter(lanes::containsKey)
                    .anyMatch(parent -> !jobOf(parent).equals(jobOf(lane)));
            if (fromAnother && !jobOf(lane).equals(ownJob)) {
                jobs.add(jobOf(lane));
            }
        }
        lanes.keySet().stream()
                .filter(lane -> subtaskOf(lane) == 0 && parentsIn(lane).isEmpty())
                .forEach(lane -> jobs.remove(jobOf(lane)));
        return jobs;
    }

    /**
     * Starts of a job, all of which came after the checkpoint: the attempts of subtask 0 say so, which has a state in
     * every checkpoint. Then so did those of subtasks that were added when the job was rescaled in place, of which
     * nothing else tells. A job with a fixed id may have come to the same number of a checkpoint more than once: if
     * any attempt of subtask 0 that began with that number came from elsewhere, none of this is certain.
     */
    private Set<Restart> restartsOf(Set<String> later, String ownJob) {
        Set<Restart> proven = new HashSet<>();
        Set<Restart> doubtful = new HashSet<>();
        for (String lane : lanes.keySet()) {
            Restart restart = Restart.of(identityOf(lane));
            if (subtaskOf(lane) == 0 && !restart.checkpoint().isEmpty()) {
                (later.contains(lane) ? proven : doubtful).add(restart);
            }
        }
        proven.removeAll(doubtful);
        proven.removeIf(restart -> restart.job().equals(ownJob));
        return proven;
    }

    /** A start of a sink's operator in a job from a checkpoint, whose id is empty when nobody says it. */
    private record Restart(String job, String operator, String checkpoint) {
        static Restart of(LaneIdentity attempt) {
            Map<String, String> properties = attempt.properties();
            return new Restart(
                    properties.getOrDefault(SinkAttempts.OWNER, ""),
                    properties.getOrDefault(SinkAttempts.OPERATOR, ""),
                    properties.getOrDefault(CHECKPOINT, ""));
        }
    }

    private List<String> unproven(Map<String, RestoredAttempt> known, Set<String> later) {
        Set<String> jobs = new HashSet<>();
        known.keySet().stream().filter(lanes::containsKey).forEach(lane -> jobs.add(jobOf(lane)));
        later.forEach(lane -> jobs.add(jobOf(lane)));
        int parallelism = known.values().stream()
                .mapToInt(RestoredAttempt::parallelism)
                .max()
                .orElse(Integer.MAX_VALUE);
        Set<String> ancestors = ancestors(known.keySet());
        List<String> unproven = new ArrayList<>();
        for (LaneSnapshot lane : lanes.values()) {
            String name = lane.lane();
            if (ancestors.contains(name) || later.contains(name) || lane.state().records() == 0) {
                continue;
            }
            if (parentsIn(name).stream().anyMatch(ancestors::contains)) {
                unproven.add(lane.identity().writer() + " (it branched off before the attempts of this checkpoint)");
            } else if (parentsIn(name).isEmpty() && jobs.contains(jobOf(name)) && subtaskOf(name) >= parallelism) {
                unproven.add(lane.identity().writer() + " (a subtask that the checkpoint does not know)");
            }
        }
        return unproven;
    }

    /** The attempts themselves and whatever they go back to. */
    private Set<String> ancestors(Set<String> attempts) {
        Set<String> found = new HashSet<>(attempts);
        Deque<String> open = new ArrayDeque<>(attempts);
        while (!open.isEmpty()) {
            for (String parent : parentsIn(open.pop())) {
                if (found.add(parent)) {
                    open.push(parent);
                }
            }
        }
        return found;
    }

    private List<String> parentsIn(String lane) {
        return parents.getOrDefault(lane, List.of());
    }

    private LaneIdentity identityOf(String lane) {
        return Objects.requireNonNull(lanes.get(lane)).identity();
    }

    private String jobOf(String lane) {
        LaneSnapshot found = lanes.get(lane);
        return found == null ? "" : found.identity().properties().getOrDefault(SinkAttempts.OWNER, "");
    }

    private int subtaskOf(String lane) {
        LaneSnapshot found = lanes.get(lane);
        return found == null
                ? 0
                : Integer.parseInt(found.identity().properties().getOrDefault(SinkAttempts.SUBTASK, "0"));
    }
}
