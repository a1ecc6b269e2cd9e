package io.firn.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import io.firn.testing.ArchitectureRules;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Layers and house rules of core-storage. */
class ArchitectureTest {

    /** From the lowest layer up: a package may use those of the rows above its own, never one of its own row. */
    static final List<List<String>> LAYERS = List.of(
            List.of("error", "metrics", "task"),
            List.of("fs"),
            List.of("registry"),
            List.of("record", "compress", "cache", "schema"),
            List.of("partition", "segment"),
            List.of("log"),
            List.of("access", "topic"),
            List.of("table"),
            List.of("lifecycle"),
            List.of("series"),
            List.of("ipc"),
            List.of("cli"));

    private static JavaClasses engine;

    @BeforeAll
    static void importClasses() {
        engine = ArchitectureRules.production("io.firn");
    }

    @Test
    void packagesDependInOneDirection() {
        Set<String> allowed = new TreeSet<>();
        for (List<String> row : LAYERS) {
            for (String name : row) {
                noClasses()
                        .that()
                        .resideInAPackage(in(name))
                        .should()
                        .dependOnClassesThat(otherThan(allowed, name))
                        .allowEmptyShould(true)
                        .because(name + " may use only " + allowed)
                        .check(engine);
            }
            allowed.addAll(row);
        }
    }

    @Test
    void everyPackageHasItsPlaceInTheLayers() {
        Set<String> known = new TreeSet<>();
        LAYERS.forEach(known::addAll);
        Set<String> present = new TreeSet<>();
        for (JavaPackage found : engine.getPackage("io.firn").getSubpackages()) {
            present.add(found.getRelativeName());
        }
        assertThat(known).containsAll(present);
        assertThat(engine.getPackage("io.firn").getClasses()).isEmpty();
    }

    @Test
    void packagesAreFreeOfCycles() {
        slices().matching("io.firn.(**)").should().beFreeOfCycles().check(engine);
    }

    @Test
    void engineKnowsNeitherKafkaNorFlink() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka..", "org.apache.flink..")
                .check(engine);
    }

    @Test
    void onlyTheFileSeamTouchesFiles() {
        ArchitectureRules.noFileAccess()
                .check(engine.that(DescribedPredicate.not(JavaClass.Predicates.resideInAPackage(in("fs")))));
    }

    @Test
    void onlyCompressUsesZstd() {
        noClasses()
                .that()
                .resideOutsideOfPackage(in("compress"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.github.luben.zstd..")
                .check(engine);
    }

    @Test
    void streamsAreWrittenByTheTableAndNobodyBeside() {
        noClasses()
                .that()
                .resideInAnyPackage(in("ipc"), in("series"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(in("segment"), in("log"))
                .because("there is one writer of segments and commits: the table's")
                .check(engine);
    }

    @Test
    void namesLoggersAndClocksFollowTheHouseStyle() {
        ArchitectureRules.checkHouseStyle(engine);
    }

    private static String in(String name) {
        return "io.firn." + name + "..";
    }

    private static DescribedPredicate<JavaClass> otherThan(Set<String> allowed, String own) {
        Set<String> free = Set.copyOf(allowed);
        return DescribedPredicate.describe("lie in another package of the engine", type -> {
            String name = type.getPackageName();
            if (!name.startsWith("io.firn.")) {
                return false;
            }
            String relative = name.substring("io.firn.".length()).replaceAll("\\..*", "");
            return !relative.equals(own) && !free.contains(relative);
        });
    }
}
