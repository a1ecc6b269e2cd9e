package io.firn.connect.source;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What is wrong across the options of the replay: each single one is right and they do not go together.
 *
 * <p>Confined to one thread.
 */
final class ReplayChecks {
    private static final String SET_CREATE = "set " + CreationOptions.CREATE + "=captured or leave this out";

    private final Map<String, String> connectorConfig = new HashMap<>();
    private final Set<String> bad;
    private final Map<String, String> problems = new LinkedHashMap<>();

    /**
     * Creates the checks.
     *
     * @param connectorConfig the connector's configuration as the user wrote it
     * @param bad the options that have an error of their own; what depends on them is not checked
     */
    ReplayChecks(Map<String, String> connectorConfig, Set<String> bad) {
        connectorConfig.forEach((option, value) -> {
            if (value != null) {
                this.connectorConfig.put(option, value);
            }
        });
        this.bad = Set.copyOf(bad);
    }

    /** Every problem with its remedy, by option. */
    Map<String, String> problems() {
        checkPartitionCount();
        checkLoop();
        checkShift();
        checkGap();
        checkOffsets();
        checkCreation();
        return problems;
    }

    private void checkCreation() {
        if (!areSound(CreationOptions.CREATE, CreationOptions.REPLICATION)) {
            return;
        }
        boolean creates = text(CreationOptions.CREATE, "off").equalsIgnoreCase("captured");
        List<String> settings = connectorConfig.keySet().stream()
                .filter(option -> option.startsWith(CreationOptions.SETTING))
                .sorted()
                .toList();
        if (creates && text(FirnSourceConfig.TARGET_SERVERS, "").isEmpty()) {
            problem(
                    CreationOptions.CREATE,
                    "the target cluster is asked which topics are missing; set " + FirnSourceConfig.TARGET_SERVERS);
        } else if (!creates && !text(CreationOptions.REPLICATION, "0").equals("0")) {
            problem(CreationOptions.REPLICATION, "no topic is created; " + SET_CREATE);
        } else if (!creates && !settings.isEmpty()) {
            problem(CreationOptions.CREATE, settings.get(0) + " is set and no topic is created; " + SET_CREATE);
        } else if (settings.contains(CreationOptions.SETTING)) {
            problem(
                    CreationOptions.CREATE,
                    "'" + CreationOptions.SETTING + "' names no setting; write " + CreationOptions.SETTING
                            + "<setting>, for example " + CreationOptions.SETTING + "retention.ms=-1");
        }
    }

    private void checkLoop() {
        if (areSound(OrderOptions.LOOP, FirnSourceConfig.MODE)
                && !text(OrderOptions.LOOP, "1").equals("1")
                && text(FirnSourceConfig.MODE, "bounded").equalsIgnoreCase("continuous")) {
            problem(
                    OrderOptions.LOOP,
                    "a continuous replay has no end after which it could begin again; set " + FirnSourceConfig.MODE
                            + "=bounded or leave " + OrderOptions.LOOP + " out");
        }
    }

    private void checkShift() {
        boolean shifts = text(PaceOptions.TIMESTAMPS, "original").equalsIgnoreCase("shift");
        boolean byMs = !text(PaceOptions.SHIFT_MS, "0").equals("0");
        boolean byTime = !text(PaceOptions.SHIFT_TO, "").isEmpty();
        if (!areSound(PaceOptions.TIMESTAMPS, PaceOptions.SHIFT_MS, PaceOptions.SHIFT_TO)) {
            return;
        }
        if (shifts == (byMs != byTime)) {
            checkShiftStart(byTime);
        } else if (shifts) {
            problem(
                    PaceOptions.TIMESTAMPS,
                    "the shift must be given once; set either " + PaceOptions.SHIFT_MS + " or " + PaceOptions.SHIFT_TO);
        } else {
            problem(
                    byMs ? PaceOptions.SHIFT_MS : PaceOptions.SHIFT_TO,
                    "timestamps are not shifted; set " + PaceOptions.TIMESTAMPS + "=shift or leave this out");
        }
    }

    private void checkShiftStart(boolean byTime) {
        if (byTime && text(FirnSourceConfig.FROM, "").isEmpty()) {
            problem(
                    PaceOptions.SHIFT_TO,
                    "it is " + FirnSourceConfig.FROM + " that is moved there, so that every restart shifts by the same"
                            + " time; set " + FirnSourceConfig.FROM + ", or use " + PaceOptions.SHIFT_MS);
        }
    }

    private void checkGap() {
        if (areSound(PaceOptions.SPEED, PaceOptions.MAX_GAP)
                && Double.parseDouble(text(PaceOptions.SPEED, "0")) == 0
                && !text(PaceOptions.MAX_GAP, "-1").equals("-1")) {
            problem(
                    PaceOptions.MAX_GAP,
                    "there are no silences when everything is replayed as fast as possible; set " + PaceOptions.SPEED
                            + " or leave this out");
        }
    }

    private void checkOffsets() {
        if (!areSound(RecordOptions.OFFSETS_FROM, RecordOptions.OFFSETS_TO)) {
            return;
        }
        OriginValues from = offsets(RecordOptions.OFFSETS_FROM);
        OriginValues to = offsets(RecordOptions.OFFSETS_TO);
        for (String origin : to.origins()) {
            OptionalLong first = from.ofText(origin);
            if (first.isPresent() && first.getAsLong() >= to.ofText(origin).orElse(Long.MAX_VALUE)) {
                problem(
                        RecordOptions.OFFSETS_TO,
                        "the range of '" + origin + "' ends before it starts; make it more than " + first.getAsLong()
                                + ", which is in " + RecordOptions.OFFSETS_FROM);
            }
        }
    }

    private OriginValues offsets(String option) {
        List<String> entries = Arrays.stream(text(option, "").split(","))
                .filter(entry -> !entry.isBlank())
                .toList();
        return OriginValues.parse(entries, RecordOptions.MAX_OFFSET);
    }

    private void checkPartitionCount() {
        if (areSound(PartitionOptions.MODE, PartitionOptions.COUNT)
                && PartitionMode.parse(text(PartitionOptions.MODE, "preserve")).needsCount()
                && text(PartitionOptions.COUNT, "0").equals("0")
                && text(FirnSourceConfig.TARGET_SERVERS, "").isEmpty()) {
            problem(
                    PartitionOptions.MODE,
                    "the number of partitions of the target is needed; set " + FirnSourceConfig.TARGET_SERVERS
                            + " so that the connector can ask, or " + PartitionOptions.COUNT);
        }
    }

    private void problem(String option, String reason) {
        problems.put(option, "Invalid value '" + text(option, "") + "' for '" + option + "': " + reason + ".");
    }

    private boolean areSound(String... options) {
        return Set.of(options).stream().noneMatch(bad::contains);
    }

    private String text(String option, String whenAbsent) {
        return connectorConfig.getOrDefault(option, whenAbsent).trim();
    }
}
