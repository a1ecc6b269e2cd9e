package io.firn.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The dashboard names only metrics that exist: those of docs/metrics.md, which other tests compare with the code, under
 * the names that the exporter's rules give them.
 */
class MonitoringExamplesTest {
    private static final Path MONITORING = Path.of("..", "examples", "monitoring");
    private static final Path PAGE = Path.of("..", "docs", "metrics.md");
    private static final Pattern NAME = Pattern.compile("kafka_connect_plugins_[a-z0-9_]+");

    private record Rule(Pattern pattern, String name, String type) {}

    @Test
    void dashboardNamesOnlyMetricsThatExist() throws IOException {
        JsonNode dashboard = new ObjectMapper()
                .readTree(MONITORING.resolve("grafana-dashboard.json").toFile());
        Set<String> used = new TreeSet<>();
        for (JsonNode panel : dashboard.path("panels")) {
            for (JsonNode target : panel.path("targets")) {
                Matcher matcher = NAME.matcher(target.path("expr").asText());
                assertThat(matcher.find()).as("%s names a metric", target).isTrue();
                used.add(matcher.group());
            }
        }

        assertThat(exported("my-sink")).containsAll(used).hasSizeGreaterThan(30);
        assertThat(used).hasSizeGreaterThan(20);
    }

    @Test
    void dashboardFindsItsConnectorsByMetricsThatExist() throws IOException {
        String query = new ObjectMapper()
                .readTree(MONITORING.resolve("grafana-dashboard.json").toFile())
                .at("/templating/list/1/query")
                .asText();
        Matcher names =
                Pattern.compile("(kafka_connect_plugins_)\\((.+)\\|(.+)\\)\"").matcher(query);

        assertThat(names.find()).as(query).isTrue();
        assertThat(exported("my-sink")).contains(names.group(1) + names.group(2), names.group(1) + names.group(3));
    }

    @Test
    void alertsNameOnlyMetricsThatExist() throws IOException {
        Set<String> used = NAME.matcher(Files.readString(Path.of("..", "docs", "operations.md")))
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(exported("my-sink")).containsAll(used);
        assertThat(used).hasSizeGreaterThan(10);
    }

    @Test
    void growingMetricsAreCountersAndOthersAreNot() throws IOException {
        for (String metric : metrics()) {
            Rule rule = ruleOf(bean("my-sink", metric));
            assertThat(rule.type).as(metric).isEqualTo(metric.endsWith("-total") ? "COUNTER" : "GAUGE");
        }
    }

    @Test
    void connectorsWithNamesThatJmxQuotesAreFound() throws IOException {
        Matcher matcher = ruleOf(bean("\"a, b\"", "open-lanes")).pattern.matcher(bean("\"a, b\"", "open-lanes"));

        assertThat(matcher.matches()).isTrue();
        assertThat(matcher.group(1)).isEqualTo("a, b");
        assertThat(matcher.group(2)).isEqualTo("12");
    }

    private static Set<String> exported(String connector) throws IOException {
        Set<String> names = new TreeSet<>();
        for (String metric : metrics()) {
            String bean = bean(connector, metric);
            Rule rule = ruleOf(bean);
            // the exporter makes a letter of everything that is none
            names.add(rule.pattern.matcher(bean).replaceFirst(rule.name).replaceAll("[^a-zA-Z0-9_]", "_"));
        }
        return names;
    }

    /** As the exporter sees an attribute. */
    private static String bean(String connector, String metric) {
        return "kafka.connect<type=plugins, connector=" + connector + ", task=12><>" + metric + ": 1.0";
    }

    private static List<String> metrics() throws IOException {
        return Pattern.compile("^\\| `([a-z0-9-]+)` \\|", Pattern.MULTILINE)
                .matcher(Files.readString(PAGE))
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    private static Rule ruleOf(String bean) throws IOException {
        return rules().stream()
                .filter(rule -> rule.pattern.matcher(bean).matches())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no rule for " + bean));
    }

    private static List<Rule> rules() throws IOException {
        String text = Files.readString(MONITORING.resolve("jmx-exporter.yaml"));
        List<Rule> rules = new ArrayList<>();
        for (String part : text.split("  - pattern: ", -1)) {
            if (part.startsWith("'")) {
                List<String> lines = part.lines().map(String::strip).collect(Collectors.toList());
                String pattern = lines.get(0).substring(1, lines.get(0).length() - 1);
                rules.add(new Rule(
                        Pattern.compile("^.*(?:" + pattern + ").*$"),
                        lines.get(1).substring("name: ".length()),
                        lines.get(2).substring("type: ".length())));
            }
        }
        return rules;
    }
}
