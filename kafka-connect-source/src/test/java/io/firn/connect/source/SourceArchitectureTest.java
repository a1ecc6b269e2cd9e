package io.firn.connect.source;

import io.firn.testing.ArchitectureRules;
import org.junit.jupiter.api.Test;

class SourceArchitectureTest {
    @Test
    void translatesAndDelegates() {
        ArchitectureRules.checkAdapter(ArchitectureRules.production("io.firn.connect.source"));
    }
}
