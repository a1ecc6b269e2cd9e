package io.firn.cli;

import io.firn.partition.RecordOrigin;
import io.firn.record.StreamRecord;
import io.firn.series.ExpositionText;
import io.firn.series.SampleMapping;
import io.firn.series.SeriesBatch;
import io.firn.series.TimestampUnit;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Makes samples of lines. Confined to one thread. */
interface SampleInput {
    /**
     * Adds the samples of a line to a batch, all or none.
     *
     * @param nowMs the time of a sample that says none, where the format allows that; milliseconds
     * @throws io.firn.error.InvalidRecordException when the line is none of the format
     */
    void read(LineReader line, long nowMs, SeriesBatch batch);

    /** Whether what follows is not to be read. */
    default boolean isEnded() {
        return false;
    }

    /** Lines of a text format of metrics. */
    static SampleInput exposition(boolean openMetrics, TimestampUnit unit) {
        ExpositionText text = new ExpositionText(openMetrics, unit);
        return new SampleInput() {
            @Override
            public void read(LineReader line, long nowMs, SeriesBatch batch) {
                text.read(new String(line.bytes(), line.offset(), line.length(), StandardCharsets.UTF_8), nowMs, batch);
            }

            @Override
            public boolean isEnded() {
                return text.isEnded();
            }
        };
    }

    /** Lines with fields. */
    static SampleInput mapped(SampleMapping mapping, LineInput input, TimestampUnit unit) {
        return (line, nowMs, batch) -> {
            input.refuseOpen();
            byte[] value = Arrays.copyOfRange(line.bytes(), line.offset(), line.offset() + line.length());
            mapping.addTo(batch, StreamRecord.atMillis(nowMs).value(value).build(), RecordOrigin.NONE, unit);
        };
    }
}
