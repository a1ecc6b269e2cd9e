package io.firn.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ConfigException;
import java.util.List;
import org.junit.jupiter.api.Test;

class LaneNameTest {
    @Test
    void keepsPlainNamesReadable() {
        assertThat(LaneName.encode("flights-3")).startsWith("flights-3~").hasSize("flights-3~".length() + 8);
    }

    @Test
    void hostileNamesStayOnePathComponent() {
        for (String name : new String[] {"..", ".", "a/b", "a\\b", "a\0b", "%2e", "~", "ü", "\n"}) {
            assertThat(LaneName.encode(name)).matches("[A-Za-z0-9_%-]*~[0-9a-f]{8}");
        }
    }

    @Test
    void longNamesAreCutAndStayDifferent() {
        String first = LaneName.encode("t".repeat(249) + "/1");
        String second = LaneName.encode("t".repeat(249) + "/2");
        assertThat(first).isNotEqualTo(second);
        assertThat(first.length()).isLessThanOrEqualTo(89);
        assertThat(LaneName.encode("ü".repeat(100)).length()).isLessThanOrEqualTo(89);
    }

    @Test
    void anEmptyNameIsRefused() {
        assertThatThrownBy(() -> LaneName.encode("")).isInstanceOf(ConfigException.class);
    }

    @Test
    void tellsTheWriterWhenItsWholeNameStandsInIt() {
        for (String writer :
                List.of("main", "a-b_c", "main@dt=2001-01-01/origin=ATL", "Zürich ~ 50%", "orders.eu-3-g0")) {
            assertThat(LaneName.decode(LaneName.encode(writer))).contains(writer);
        }
        assertThat(LaneName.decode(LaneName.encode("x".repeat(80)))).contains("x".repeat(80));
        assertThat(LaneName.decode(LaneName.encode("x".repeat(81)))).isEmpty();
        for (String other : List.of("main~00000000", "main", "~", "%zz~12345678", "%4~12345678", "")) {
            assertThat(LaneName.decode(other)).isEmpty();
        }
    }
}
