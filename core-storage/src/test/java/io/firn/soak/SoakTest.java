package io.firn.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.condition.OS.LINUX;

import io.firn.lifecycle.LifecycleManager;
import io.firn.lifecycle.LifecycleOptions;
import io.firn.lifecycle.LifecycleRequest;
import io.firn.lifecycle.verify.TableVerifier;
import io.firn.log.SegmentEntry;
import io.firn.soak.SoakProcess.Role;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableConfig;
import io.firn.table.TableReader;
import io.firn.testing.ForkedJvm;
import io.firn.testing.Randomized;
import io.firn.testing.TestProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.io.TempDir;

/**
 * Writers, followers, merging readers, and all that rewrites, together on one table in five processes, of which one is
 * killed and started again at random: no record is missing, double or wrong, and no process holds more in the end than
 * in the beginning. {@code -Dfirn.soak.seconds} sets the duration; {@code -Psoak} runs for 30 minutes.
 */
@EnabledOnOs(value = LINUX, disabledReason = "what a process holds is read from /proc")
class SoakTest {
    private static final Duration DURATION =
            Duration.ofSeconds(Integer.getInteger("firn.soak.seconds", TestProfile.isSoak() ? 1_800 : 120));
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final List<Role> STEADY = List.of(Role.STEADY_WRITER, Role.READER, Role.STEADY_MAINTAINER);
    private static final List<Role> KILLED = List.of(Role.KILLED_WRITER, Role.KILLED_MAINTAINER);
    private static final int LEAST_PAUSE_MS = 2_000;
    private static final int MORE_PAUSE_MS = 5_000;

    @TempDir
    Path directory;

    private final Map<Role, ForkedJvm> processes = new EnumMap<>(Role.class);
    private final Map<Role, Integer> kills = new EnumMap<>(Role.class);

    @Test
    void nothingIsLostAndNothingGrows() {
        Randomized.forAll(1, this::soak);
    }

    private void soak(RandomGenerator random) throws IOException {
        Path oraclePath = Files.createDirectory(directory.resolve("oracle"));
        SoakOracle oracle = new SoakOracle(oraclePath);
        TableConfig config = TableConfig.fromProperties(Map.of(
                "segment.size", "256KiB",
                "hot.roll.ms", "1000",
                "settle.min.bytes", "64KiB",
                "compression.policy", "age-after",
                "compression.after", "3s",
                "disk.min.free.bytes", "0"));
        Table.create(tablePath(), SoakContent.MAPPING.scheme(), config).close();
        try {
            for (Role role : Role.values()) {
                start(role, random);
            }
            killAndRestart(random);
            List.of("WRITER", "MAINTAINER", "READER").forEach(group -> stop(group, oracle));
        } finally {
            processes.values().forEach(ForkedJvm::close);
        }
        checkWhatIsLeft(oracle);
        STEADY.forEach(this::checkUsage);
    }

    private Path tablePath() {
        return directory.resolve("table");
    }

    private void start(Role role, RandomGenerator random) {
        processes.put(
                role,
                ForkedJvm.of(SoakProcess.class, directory)
                        .yielding()
                        .arguments(role, tablePath(), directory.resolve("oracle"), random.nextLong())
                        .start());
    }

    private ForkedJvm process(Role role) {
        return Objects.requireNonNull(processes.get(role));
    }

    private void killAndRestart(RandomGenerator random) {
        long endNs = System.nanoTime() + DURATION.toNanos();
        while (System.nanoTime() < endNs) {
            long pauseNs = Duration.ofMillis(LEAST_PAUSE_MS + random.nextInt(MORE_PAUSE_MS))
                    .toNanos();
            long untilNs = System.nanoTime() + pauseNs;
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(100))
                    .untilAsserted(() -> {
                        processes.forEach((role, process) -> checkRunning(role, process));
                        assertThat(System.nanoTime()).isGreaterThan(untilNs);
                    });
            Role victim = KILLED.get(random.nextInt(KILLED.size()));
            process(victim).kill();
            kills.merge(victim, 1, Integer::sum);
            start(victim, random);
        }
    }

    private static void checkRunning(Role role, ForkedJvm process) {
        if (!process.isAlive()) {
            throw new IllegalStateException(
                    role + " " + process.pid() + " has ended: " + process.out() + process.error());
        }
    }

    private void stop(String group, SoakOracle oracle) {
        oracle.stop(group);
        for (Role role : Role.values()) {
            if (role.group().equals(group)) {
                assertThat(process(role).awaitExit(PATIENCE))
                        .as("%s: %s", role, process(role).error())
                        .isZero();
                process(role).lines().stream()
                        .filter(line -> line.startsWith("maintained"))
                        .forEach(System.out::println);
            }
        }
    }

    /** The next run ends everything, every record is there, and no file that nobody names. */
    private void checkWhatIsLeft(SoakOracle oracle) throws IOException {
        LaneCheck check = new LaneCheck(oracle, Map.of());
        try (Table table = Table.open(tablePath());
                LifecycleManager manager = LifecycleManager.open(table, LifecycleOptions.defaults())) {
            assertThat(manager.run(LifecycleRequest.compact()).errors()).isEmpty();
            assertThat(manager.run(LifecycleRequest.compressAll()).errors()).isEmpty();
            check.beforePlan();
            try (TableReader reader = table.reader(ScanOptions.ALL)) {
                SoakReads.readToEnd(reader, check);
            }
            assertThat(TableVerifier.verify(table).damages()).isEmpty();
            assertThat(table.contents().hot().records()).isZero();
        }
        for (String lane : SoakContent.LANES) {
            assertThat(check.next(lane)).as("end of writer %s", lane).isEqualTo(oracle.acknowledged(lane));
        }
        checkFiles();
        System.out.println("soak: " + DURATION.toSeconds() + " s, kills " + kills + ", ends "
                + SoakContent.LANES.stream()
                        .map(lane -> lane + "=" + check.next(lane))
                        .toList() + ", " + check.records() + " records are left");
    }

    private void checkFiles() throws IOException {
        try (Table table = Table.open(tablePath());
                Stream<Path> files = Files.walk(tablePath())) {
            assertThat(files.map(file -> tablePath().relativize(file).toString())
                            .filter(path -> path.endsWith(".q") || path.endsWith(".q.zst")))
                    .containsExactlyInAnyOrderElementsOf(new TreeSet<>(table.contents().segments().stream()
                            .map(SegmentEntry::path)
                            .toList()));
        }
        try (Stream<Path> temporary = Files.walk(tablePath().resolve("_table/tmp"))) {
            assertThat(temporary.filter(Files::isRegularFile)).isEmpty();
        }
    }

    private void checkUsage(Role role) {
        UsageCheck.nothingGrows(
                role.toString(),
                process(role).lines().stream()
                        .filter(line -> line.startsWith(SoakProcess.USAGE))
                        .map(line -> ResourceUsage.parse(line.substring(SoakProcess.USAGE.length())))
                        .toList());
    }
}
