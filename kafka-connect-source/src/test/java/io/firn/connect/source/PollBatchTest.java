package io.firn.connect.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;

class PollBatchTest {
    private static final SourceRecord RECORD =
            new SourceRecord(Map.of(), Map.of(), "t", Schema.BYTES_SCHEMA, new byte[0]);

    @Test
    void isFullAtTheNumberOfRecords() {
        PollBatch batch = new PollBatch(2, 1000, ReplayPace.unlimited());
        batch.add(RECORD, 0, 0);
        assertThat(batch.fits(0)).isTrue();
        batch.add(RECORD, 0, 0);

        assertThat(batch.fits(0)).isFalse();
        assertThat(batch.records()).hasSize(2);
    }

    @Test
    void isFullAtTheNumberOfBytes() {
        PollBatch batch = new PollBatch(100, 10, ReplayPace.unlimited());
        batch.add(RECORD, 5, 4);

        assertThat(batch.fits(1)).isTrue();
        assertThat(batch.fits(2)).isFalse();
    }

    @Test
    void takesOneRecordOfAnySize() {
        PollBatch batch = new PollBatch(100, 10, ReplayPace.unlimited());
        assertThat(batch.isEmpty()).isTrue();
        assertThat(batch.fits(Long.MAX_VALUE)).isTrue();
        batch.add(RECORD, 11, 0);

        assertThat(batch.isEmpty()).isFalse();
        assertThat(batch.fits(0)).isFalse();
    }

    @Test
    void endsWhenAsMuchWasLeftOutAsCouldBeAdded() {
        PollBatch byRecords = new PollBatch(2, 1000, ReplayPace.unlimited());
        byRecords.skip(1);
        assertThat(byRecords.hasSkippedEnough()).isFalse();
        byRecords.skip(1);
        assertThat(byRecords.hasSkippedEnough()).isTrue();

        PollBatch byBytes = new PollBatch(100, 10, ReplayPace.unlimited());
        byBytes.skip(9);
        assertThat(byBytes.hasSkippedEnough()).isFalse();
        byBytes.skip(1);
        assertThat(byBytes.hasSkippedEnough()).isTrue();
        assertThat(byBytes.isEmpty()).isTrue();
    }
}
