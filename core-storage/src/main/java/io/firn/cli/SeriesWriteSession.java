package io.firn.cli;

import io.firn.error.FirnException;
import io.firn.error.InvalidRecordException;
import io.firn.series.SeriesBatch;
import io.firn.series.SeriesStore;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** One run of {@code firn series write}: a batch by count and time, each durable. Confined to one thread. */
final class SeriesWriteSession {
    private static final long WRITE_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(50);

    private final CliContext context;
    private final SeriesStore store;
    private final SampleInput input;
    private final int commitEvery;
    private final boolean ack;
    private final SeriesBatch batch = new SeriesBatch();
    /** The samples of the line that is being read: one that is refused has none in the batch. */
    private final SeriesBatch ofLine = new SeriesBatch();

    private long read;
    private long written;
    private long samples;
    private long batchSinceNs;

    SeriesWriteSession(CliContext context, SeriesStore store, SampleInput input, int commitEvery, boolean ack) {
        this.context = context;
        this.store = store;
        this.input = input;
        this.commitEvery = commitEvery;
        this.ack = ack;
    }

    /** Writes all lines, and reports. */
    int run(LineReader lines) throws IOException {
        try {
            readAll(lines);
            write();
        } catch (FirnException | IOException failed) {
            context.message("firn: " + samples + " samples of " + written + " lines of this run are written, the rest"
                    + " is not stored");
            throw failed;
        }
        context.message(Count.of(samples, "sample") + " of " + Count.of(written, "line") + " written"
                + (context.isStopRequested() ? "; stopped before the end of the input" : ""));
        return CliCommand.DONE;
    }

    private void readAll(LineReader lines) throws IOException {
        while (!context.isStopRequested() && !input.isEnded()) {
            switch (lines.next(POLL_NS)) {
                case LINE -> read(lines);
                case NOTHING_YET -> {
                    // only the time goes on
                }
                case END -> {
                    return;
                }
            }
            if (batch.size() >= commitEvery || isDue()) {
                write();
            }
        }
    }

    /** What came before a bad line is good: it is written before the run ends. */
    private void read(LineReader line) throws IOException {
        try {
            if (batch.size() == 0) {
                batchSinceNs = context.nanoTime().getAsLong();
            }
            input.read(line, context.environment().clock().millis(), ofLine.clear());
            if (ofLine.size() > 0) {
                store.check(ofLine);
            }
            batch.addAll(ofLine);
            read++;
        } catch (InvalidRecordException invalid) {
            write();
            throw new InvalidRecordException("Line " + line.number() + ": " + invalid.getMessage(), invalid);
        }
    }

    private boolean isDue() {
        return batch.size() > 0 && context.nanoTime().getAsLong() - batchSinceNs >= WRITE_INTERVAL_NS;
    }

    private void write() throws IOException {
        if (batch.size() > 0) {
            store.write(batch);
            store.flush();
            samples += batch.size();
            batch.clear();
        }
        boolean news = read > written;
        written = read;
        if (ack && news) {
            context.output().line(Long.toString(written));
            context.output().flush();
        }
        context.progress().show(() -> samples + " samples written");
    }
}
