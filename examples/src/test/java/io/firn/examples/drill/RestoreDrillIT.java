package io.firn.examples.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.examples.Progress;
import io.firn.examples.Repository;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The drill, run as a user runs it; what the groups read next is known beforehand. */
class RestoreDrillIT {
    private static final int LAST_OLD_ID = 3;
    private static final int FIRST_NEW_ID = 5_000;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    @Timeout(300)
    void consumersGoOnInTheNewClusterAtTheRightRecordWithTheNewSchemaIds(@TempDir Path directory) throws IOException {
        DrillPlaces places =
                DrillPlaces.fresh(Repository.around(Path.of("").toAbsolutePath()), directory.resolve("drill"));
        DrillOutcome outcome = RestoreDrill.run(
                new Progress(new PrintStream(out, true, StandardCharsets.UTF_8), System::nanoTime), places);

        String said = out.toString(StandardCharsets.UTF_8);
        System.out.println(said);
        assertThat(outcome.isRestored()).as(said).isTrue();
        assertThat(outcome.produced()).isEqualTo(Map.of("orders", 600, "payments", 300, "customers", 80));
        assertThat(outcome.continuations()).hasSize(5);
        assertGoesOn(outcome, "billing", "orders-0", 180, "order-240 [source=shop] {\"id\": 240,");
        assertGoesOn(outcome, "billing", "orders-1", 100, "order-401 [source=web] {\"id\": 401,");
        assertGoesOn(outcome, "billing", "payments-0", 100, "payment-200 [] {\"payment\":200,");
        assertGoesOn(outcome, "billing", "payments-1", 80, "payment-241 [] {\"payment\":241,");
        assertThat(continuation(outcome, "billing", "orders-1").after().next().content())
                .contains("\"discount\": \"a tenth of 401\"", "\"customer\": {\"name\": \"customer 2\"");
        assertIdsChanged(outcome);
        assertGapsAreCrossed(outcome);
        assertThat(places.cluster("old")).doesNotExist();
        assertThat(places.cluster("new")).doesNotExist();
        assertThat(said)
                .contains("firn verify archive/orders orders --against", "identical")
                .endsWith("restored: true\n");
    }

    private static Continuation continuation(DrillOutcome outcome, String group, String place) {
        return outcome.continuations().stream()
                .filter(each -> each.before().group().equals(group)
                        && each.before().place().equals(place))
                .findFirst()
                .orElseThrow();
    }

    private static void assertGoesOn(DrillOutcome outcome, String group, String place, int records, String content) {
        Continuation continuation = continuation(outcome, group, place);
        assertThat(continuation.after().remaining()).hasSize(records);
        assertThat(continuation.after().next().content()).contains(content);
    }

    /** Each old id stands for one new id, and none is the same. */
    private static void assertIdsChanged(DrillOutcome outcome) {
        Continuation orders = continuation(outcome, "billing", "orders-0");
        Map<Integer, Integer> newIds = new TreeMap<>();
        for (int i = 0; i < orders.after().remaining().size(); i++) {
            int before = orders.before().remaining().get(i).schemaId();
            int now = orders.after().remaining().get(i).schemaId();
            assertThat(before).isBetween(1, LAST_OLD_ID);
            assertThat(now).isGreaterThan(FIRST_NEW_ID);
            assertThat(newIds.putIfAbsent(before, now)).isIn(null, now);
        }
        assertThat(newIds).as("both versions of the schema").hasSize(2);
    }

    /** Groups stood where there is no record: at the end of a transaction, and where compaction has taken one away. */
    private static void assertGapsAreCrossed(DrillOutcome outcome) {
        Continuation transactional = continuation(outcome, "billing", "payments-0");
        assertThat(transactional.before().next().offset())
                .isEqualTo(transactional.before().offset() + 52);
        Continuation compacted = continuation(outcome, "search", "customers-0");
        assertThat(compacted.after().offset())
                .as("customers without updates are before it")
                .isEqualTo(20);
        assertThat(compacted.after().remaining()).hasSize(60);
        assertThat(compacted.before().next().offset())
                .isGreaterThan(compacted.before().offset());
        assertThat(outcome.continuations())
                .allSatisfy(each -> assertThat(each.after().next().offset())
                        .isEqualTo(each.after().offset()))
                .anySatisfy(each -> assertThat(each.after().offset())
                        .isNotEqualTo(each.before().next().offset()));
    }
}
