package io.firn.cli;

import io.firn.error.FirnException;
import io.firn.error.InvalidRecordException;
import io.firn.table.TableWriter;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** One run of {@code firn append}: appends, commits by count and time, acknowledges. Confined to one thread. */
final class AppendSession {
    private static final long COMMIT_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int MAX_REPORTS = 10;

    private final CliContext context;
    private final TableWriter writer;
    private final RecordMaker records;
    private final int commitEvery;
    private final boolean ack;
    private long appended;
    private long committed;
    private long leftOut;
    private long firstUncommittedNs;

    AppendSession(CliContext context, TableWriter writer, RecordMaker records, int commitEvery, boolean ack) {
        this.context = context;
        this.writer = writer;
        this.records = records;
        this.commitEvery = commitEvery;
        this.ack = ack;
    }

    /** Appends all lines, seals, and reports. */
    int run(LineInput input) throws IOException {
        try {
            appendAll(input);
            writer.finish();
            acknowledge();
        } catch (OutputException gone) {
            reportFailure();
            throw new IOException(gone.getMessage(), gone);
        } catch (FirnException | IOException failed) {
            reportFailure();
            throw failed;
        }
        context.message(Count.of(committed, "record") + " appended by writer '" + writer.name() + "'"
                + (leftOut > 0 ? ", " + leftOut + " left out because they have no partition or are late" : "")
                + (context.isStopRequested() ? "; stopped before the end of the input" : ""));
        return CliCommand.DONE;
    }

    private void reportFailure() {
        context.message("firn: of this run " + Count.of(committed, "record") + " committed, the rest is not stored");
    }

    private void appendAll(LineInput input) throws IOException {
        while (!context.isStopRequested()) {
            switch (input.lines().next(POLL_NS)) {
                case LINE -> append(input);
                case NOTHING_YET -> {
                    // only the time goes on
                }
                case END -> {
                    return;
                }
            }
            if (appended - committed >= commitEvery || isCommitDue()) {
                writer.commit();
                acknowledge();
            }
        }
    }

    private void append(LineInput input) throws IOException {
        LineReader line = input.lines();
        try {
            input.refuseOpen();
        } catch (InvalidRecordException cut) {
            commitGood();
            throw new InvalidRecordException(at(line, cut), cut);
        }
        try {
            records.append(writer, line, context.environment().clock().millis());
        } catch (InvalidRecordException invalid) {
            refuse(line, invalid);
            return;
        }
        if (appended == committed) {
            firstUncommittedNs = context.nanoTime().getAsLong();
        }
        appended++;
    }

    private boolean isCommitDue() {
        return appended > committed && context.nanoTime().getAsLong() - firstUncommittedNs >= COMMIT_INTERVAL_NS;
    }

    /** What came before a bad line is good: it is committed before the run ends. */
    private void refuse(LineReader line, InvalidRecordException invalid) throws IOException {
        String text = at(line, invalid);
        if (!records.leavesOutErrant()) {
            commitGood();
            throw new InvalidRecordException(text, invalid);
        }
        leftOut++;
        if (leftOut <= MAX_REPORTS) {
            context.message("left out: " + text);
        }
    }

    private static String at(LineReader line, InvalidRecordException invalid) {
        return "Line " + line.number() + ": " + invalid.getMessage();
    }

    private void commitGood() throws IOException {
        writer.finish();
        acknowledge();
    }

    private void acknowledge() throws IOException {
        boolean first = committed == 0;
        if (appended == committed && !first) {
            return;
        }
        committed = appended;
        if (ack) {
            context.output().line(Long.toString(committed));
            context.output().flush();
        }
        context.progress().show(() -> committed + " records committed");
    }
}
