package io.firn.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class AccessLogFormatTest {
    private static final Map<String, Access> TWO =
            new TreeMap<>(Map.of("a.q", new Access(1_000, 3), "00000000000000000007-00000001.q.zst", new Access(2, 1)));

    @Test
    void saysWhatWasWritten() {
        assertThat(AccessLogFormat.decode(AccessLogFormat.encode(TWO))).isEqualTo(TWO);
        assertThat(AccessLogFormat.decode(new byte[0])).isEmpty();
    }

    @Test
    void everyPrefixGivesOnlyWholeLines() {
        byte[] bytes = AccessLogFormat.encode(TWO);
        for (int length = 0; length <= bytes.length; length++) {
            Map<String, Access> found = AccessLogFormat.decode(Arrays.copyOf(bytes, length));
            assertThat(TWO).containsAllEntriesOf(found);
        }
    }

    @Test
    void noFlippedBitIsBelieved() {
        byte[] bytes = AccessLogFormat.encode(TWO);
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Map<String, Access> found = AccessLogFormat.decode(flipped);
            assertThat(TWO).as("bit %s", bit).containsAllEntriesOf(found);
            assertThat(found).as("bit %s", bit).hasSizeLessThan(3);
        }
    }

    @Test
    void garbageBetweenLinesIsPassedOver() {
        String good = new String(AccessLogFormat.encode(TWO), StandardCharsets.UTF_8);
        String text = "\u0000\u0000\n" + good + "12 nonsense\n\n1 1 00000000 a.q\n99999999999999999999 1 0 b.q";
        assertThat(AccessLogFormat.decode(text.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(TWO);
    }
}
