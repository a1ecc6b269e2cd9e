package io.firn.testing;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.firn.log.PendingCommit;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;

/** The architecture rules that more than one module keeps. Thread-safe. */
public final class ArchitectureRules {

    /** Calls that wait or look at the clock by themselves. References such as {@code System::nanoTime} inject one. */
    private static final Map<String, Set<String>> HIDDEN_TIME = Map.of(
            "java.lang.Thread", Set.of("sleep"),
            "java.util.concurrent.TimeUnit", Set.of("sleep"),
            "java.lang.System", Set.of("currentTimeMillis", "nanoTime"),
            "java.time.Instant", Set.of("now"),
            "java.time.LocalDate", Set.of("now"),
            "java.time.LocalDateTime", Set.of("now"),
            "java.time.ZonedDateTime", Set.of("now"));

    private static final String BANNED_NAMES = ".*[.$](?:\\w*(?:Util|Utils|Helper|Impl|Manager|Data)|Abstract\\w*)";
    private static final String FILE_ACCESS =
            "java\\.nio\\.file\\.Files|java\\.nio\\.channels\\.(?:Asynchronous)?FileChannel|java\\.io\\.RandomAccessFile";
    private static final String FILE_STREAMS = "java\\.io\\.File(?:InputStream|OutputStream|Reader|Writer)";

    private ArchitectureRules() {}

    /** The compiled classes of {@code packages} without tests; finding none is an error, so that no rule passes idly. */
    public static JavaClasses production(String... packages) {
        JavaClasses found = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(location -> !location.contains("-tests.jar"))
                .importPackages(packages);
        if (found.isEmpty()) {
            throw new IllegalStateException("no classes in " + String.join(", ", packages));
        }
        return found;
    }

    /** Adapters translate and delegate: no file access, no knowledge of formats. */
    public static void checkAdapter(JavaClasses adapter) {
        noFileAccess().check(adapter);
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching(FILE_STREAMS)
                .because("an adapter leaves files to core-storage")
                .check(adapter);
        noClasses()
                .should()
                .dependOnClassesThat(
                        JavaClass.Predicates.resideInAnyPackage("io.firn.fs..", "io.firn.segment..", "io.firn.log..")
                                .and(DescribedPredicate.not(JavaClass.Predicates.belongToAnyOf(PendingCommit.class))))
                .because("an adapter works through Table: an `if` about files or segments belongs in core-storage")
                .check(adapter);
        checkHouseStyle(adapter);
    }

    /** What every module keeps: names, loggers and clocks. */
    public static void checkHouseStyle(JavaClasses classes) {
        bannedNames().check(classes);
        loggers().check(classes);
        noHiddenTime().check(classes);
    }

    /** Nobody opens, lists or changes a file by himself. */
    public static ArchRule noFileAccess() {
        return noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching(FILE_ACCESS)
                .because("all file access goes through io.firn.fs.FileStore");
    }

    private static ArchRule bannedNames() {
        return noClasses()
                .that()
                .doNotHaveSimpleName("LifecycleManager")
                .should()
                .haveNameMatching(BANNED_NAMES)
                .because("a name says what its class does");
    }

    private static ArchRule loggers() {
        return fields().that()
                .haveRawType(Logger.class)
                .should()
                .haveName("LOG")
                .andShould()
                .bePrivate()
                .andShould()
                .beStatic()
                .andShould()
                .beFinal()
                .allowEmptyShould(true);
    }

    private static ArchRule noHiddenTime() {
        return noClasses()
                .should()
                .callMethodWhere(
                        DescribedPredicate.describe("sleeps or reads a clock", ArchitectureRules::isHiddenTime))
                .because("clocks and waiting are injected (InstantSource, LongSupplier, a scheduler)");
    }

    private static boolean isHiddenTime(JavaCall<?> call) {
        return HIDDEN_TIME
                .getOrDefault(call.getTargetOwner().getName(), Set.of())
                .contains(call.getName());
    }
}
