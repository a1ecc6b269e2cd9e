package io.firn.connect.source;

import io.firn.testing.ArchitectureRules;
import org.junit.jupiter.api.Test;

class AdapterArchitectureTest {

    @Test
    void translatesAndDelegatesOnly() {
        ArchitectureRules.checkAdapter(ArchitectureRules.production("io.firn.connect.source"));
        ArchitectureRules.checkAdapter(ArchitectureRules.production("io.firn.connect.cli"));
    }
}
