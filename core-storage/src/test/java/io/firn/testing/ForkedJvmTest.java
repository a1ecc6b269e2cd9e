package io.firn.testing;

import static io.firn.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForkedJvmTest {
    private static final Duration LONG = Duration.ofMinutes(2);

    @TempDir
    private Path directory;

    /** Prints its arguments and heap, then ends as told. */
    public static final class Program {
        private Program() {}

        /** Arguments: an exit code, {@code fail}, or {@code count} for counting for ever. */
        public static void main(String[] arguments) {
            System.out.println("arguments " + String.join(",", arguments));
            System.out.println("heap " + Runtime.getRuntime().maxMemory());
            System.err.println("a warning");
            if (arguments[0].equals("fail")) {
                throw new IllegalStateException("as told");
            }
            long count = 0;
            while (arguments[0].equals("count")) {
                System.out.println("count " + count++);
                LockSupport.parkNanos(100_000);
            }
            System.exit(Integer.parseInt(arguments[0]));
        }
    }

    @Test
    void runsAMainClassOfTheTests() {
        try (ForkedJvm jvm = ForkedJvm.of(Program.class, directory)
                .heap("64m")
                .arguments(7, "b c")
                .start()) {
            assertThat(jvm.awaitExit(LONG)).isEqualTo(7);
            assertThat(jvm.isAlive()).isFalse();
            assertThat(jvm.lines().get(0)).isEqualTo("arguments 7,b c");
            assertThat(Long.parseLong(jvm.lines().get(1).substring(5))).isBetween(50L << 20, 64L << 20);
            assertThat(jvm.error()).contains("a warning");
        }
    }

    @Test
    void showsWhyAProgramFailed() {
        try (ForkedJvm jvm =
                ForkedJvm.of(Program.class, directory).arguments("fail").start()) {
            assertThatExceptionOfType(AssertionError.class)
                    .isThrownBy(() -> jvm.awaitLine(line -> line.startsWith("count"), LONG))
                    .withMessageContaining("as told");
            assertThat(jvm.awaitExit(LONG)).isEqualTo(1);
        }
    }

    @Test
    void killsAtOnce() {
        ForkedJvm jvm =
                ForkedJvm.of(Program.class, directory).arguments("count").start();
        assertThat(jvm.awaitLine(line -> line.equals("count 100"), LONG)).isEqualTo("count 100");
        jvm.kill();
        assertThat(jvm.isAlive()).isFalse();
        assertThat(jvm.awaitExit(LONG)).isEqualTo(137);
        jvm.close();
    }

    @Test
    void stopsAndResumes() throws IOException {
        Assumptions.assumeTrue(Files.isDirectory(Path.of("/proc/self")), "looks at /proc");
        try (ForkedJvm jvm =
                ForkedJvm.of(Program.class, directory).arguments("count").start()) {
            jvm.awaitLine(line -> line.equals("count 10"), LONG);
            jvm.stop();
            await().atMost(LONG).until(() -> state(jvm).equals("T"));
            String stopped = jvm.out();
            assertThat(jvm.isAlive()).isTrue();
            assertThat(jvm.out()).hasSameSizeAs(stopped);
            jvm.resume();
            await().atMost(LONG).until(() -> jvm.out().length() > stopped.length());
        }
    }

    private static String state(ForkedJvm jvm) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + jvm.pid() + "/stat"));
        return stat.substring(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
    }
}
