package io.firn.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlowestTestsTest {

    @TempDir
    Path root;

    @Test
    void printsTheSlowestOfBothRunnersFirst() throws IOException {
        report("core/target/surefire-reports/TEST-a.A.xml", """
                <testsuite><testcase name="quick" classname="a.A" time="0.01"/>
                <testcase name="slow" classname="a.A" time="1,002.5"><failure message="x"/></testcase></testsuite>
                """);
        report("sink/target/failsafe-reports/TEST-b.BIT.xml", """
                <testsuite><testcase name="middle" classname="b.BIT" time="3"/></testsuite>
                """);
        report("sink/target/failsafe-reports/failsafe-summary.xml", "<not-a-report/>");

        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        SlowestTests.print(SlowestTests.read(root), 2, new PrintStream(printed, true, StandardCharsets.UTF_8));

        assertThat(printed.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "3 tests, 1 failed, 1005.5 s in tests; the slowest:",
                        " 1002.50 s  a.A#slow",
                        "    3.00 s  b.BIT#middle");
    }

    private void report(String name, String xml) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, xml);
    }
}
