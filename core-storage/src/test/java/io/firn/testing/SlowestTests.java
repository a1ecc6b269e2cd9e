package io.firn.testing;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Prints the totals and the slowest tests of a Maven run from the XML reports of Surefire and Failsafe.
 *
 * <p>The build starts this source file by itself ({@code java SlowestTests.java <root> <count>}), so it uses the JDK
 * only.
 */
public final class SlowestTests {

    private SlowestTests() {}

    /** One test of a report. */
    record TimedTest(String name, double seconds, boolean failed) {}

    /** Prints the {@code args[1]} slowest tests that have reports below {@code args[0]}. */
    public static void main(String[] args) {
        if (args.length != 2) {
            throw new IllegalArgumentException("usage: SlowestTests <root of the repository> <how many>");
        }
        print(read(Path.of(args[0])), Integer.parseInt(args[1]), System.out);
    }

    static List<TimedTest> read(Path root) {
        List<TimedTest> tests = new ArrayList<>();
        try (Stream<Path> files = Files.find(root, 4, (file, attributes) -> isReport(file))) {
            files.forEach(file -> readReport(file, tests));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return tests;
    }

    static void print(List<TimedTest> tests, int count, PrintStream out) {
        double seconds = tests.stream().mapToDouble(TimedTest::seconds).sum();
        long failed = tests.stream().filter(TimedTest::failed).count();
        out.printf(Locale.ROOT, "%d tests, %d failed, %.1f s in tests; the slowest:%n", tests.size(), failed, seconds);
        tests.stream()
                .sorted(Comparator.comparingDouble(TimedTest::seconds).reversed())
                .limit(count)
                .forEach(test -> out.printf(Locale.ROOT, "%8.2f s  %s%n", test.seconds(), test.name()));
    }

    private static boolean isReport(Path file) {
        Path directory = file.getParent();
        if (directory == null || directory.getFileName() == null) {
            return false;
        }
        String parent = directory.getFileName().toString();
        String name = file.getFileName().toString();
        return (parent.equals("surefire-reports") || parent.equals("failsafe-reports"))
                && name.startsWith("TEST-")
                && name.endsWith(".xml");
    }

    private static void readReport(Path file, List<TimedTest> tests) {
        XMLInputFactory factory = XMLInputFactory.newFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        try (var input = Files.newInputStream(file)) {
            XMLStreamReader xml = factory.createXMLStreamReader(input, StandardCharsets.UTF_8.name());
            while (xml.hasNext()) {
                if (xml.next() == XMLStreamConstants.START_ELEMENT) {
                    readElement(xml, tests);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (XMLStreamException e) {
            throw new IllegalStateException("not a test report: " + file, e);
        }
    }

    private static void readElement(XMLStreamReader xml, List<TimedTest> tests) {
        String element = xml.getLocalName();
        if (element.equals("testcase")) {
            String owner = xml.getAttributeValue(null, "classname");
            String seconds = xml.getAttributeValue(null, "time").replace(",", "");
            String name = owner + "#" + xml.getAttributeValue(null, "name");
            tests.add(new TimedTest(name, Double.parseDouble(seconds), false));
        } else if ((element.equals("failure") || element.equals("error")) && !tests.isEmpty()) {
            TimedTest last = tests.remove(tests.size() - 1);
            tests.add(new TimedTest(last.name(), last.seconds(), true));
        }
    }
}
