package io.firn.connect.sink;

import io.firn.testing.ArchitectureRules;
import org.junit.jupiter.api.Test;

class AdapterArchitectureTest {

    @Test
    void translatesAndDelegatesOnly() {
        ArchitectureRules.checkAdapter(ArchitectureRules.production("io.firn.connect.sink"));
        ArchitectureRules.checkAdapter(ArchitectureRules.production("io.firn.connect.avro"));
    }
}
