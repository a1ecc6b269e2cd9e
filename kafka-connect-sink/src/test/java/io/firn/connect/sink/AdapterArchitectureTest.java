package io.firn.connect.sink;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import io.firn.testing.ArchitectureRules;
import org.junit.jupiter.api.Test;

class AdapterArchitectureTest {
    private static final String SINK = "io.firn.connect.sink";
    private static final String AVRO = "io.firn.connect.avro";
    private static final String COMMON = "io.firn.connect.common";

    @Test
    void translatesAndDelegatesOnly() {
        ArchitectureRules.checkAdapter(ArchitectureRules.production(SINK));
        ArchitectureRules.checkAdapter(ArchitectureRules.production(AVRO));
        ArchitectureRules.checkAdapter(ArchitectureRules.production(COMMON));
    }

    /** The plugin of the source has them without the rest. */
    @Test
    void whatOtherConnectorsTakeUsesNothingOfTheSink() {
        JavaClasses shared = ArchitectureRules.production(AVRO, COMMON);
        noClasses().should().dependOnClassesThat().resideInAPackage(SINK).check(shared);
        JavaClasses common = ArchitectureRules.production(COMMON);
        noClasses().should().dependOnClassesThat().resideInAPackage(AVRO).check(common);
    }
}
