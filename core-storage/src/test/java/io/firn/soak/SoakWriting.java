package io.firn.soak;

import io.firn.table.Table;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import java.util.random.RandomGenerator;

/** A writer that appends at a steady pace, and commits, rolls, takes back and opens again at random. */
final class SoakWriting implements SoakProcess.Step {
    private static final int RECORDS_PER_SECOND = 1_000;
    private static final int MAX_BATCH = 300;
    private static final int RARELY = 30;

    private final Table table;
    private final String lane;
    private final SoakOracle oracle;
    private final RandomGenerator random;
    private TableWriter writer;

    SoakWriting(Table table, String lane, SoakOracle oracle, RandomGenerator random) {
        this.table = table;
        this.lane = lane;
        this.oracle = oracle;
        this.random = random;
        this.writer = open();
    }

    /** Whoever was killed: what it had acknowledged, and what a reader has seen, is there. */
    private TableWriter open() {
        long least = Math.max(oracle.acknowledged(lane), oracle.seen(lane));
        TableWriter opened = table.writer(
                WriterOptions.named(lane).mapping(SoakContent.MAPPING).build());
        if (opened.position() < least) {
            throw new AssertionError("writer " + lane + " is at " + opened.position() + ", but " + least + " was seen");
        }
        return opened;
    }

    @Override
    public long run() {
        int batch = 1 + random.nextInt(MAX_BATCH);
        for (int i = 0; i < batch; i++) {
            writer.append(SoakContent.record(lane, writer.nextSequence()));
        }
        switch (random.nextInt(RARELY)) {
            case 0 -> writer.rollback();
            case 1 -> {
                writer.close();
                writer = open();
            }
            case 2 -> {
                writer.finish();
                oracle.acknowledge(lane, writer.position());
                writer.close();
                writer = open();
            }
            case 3 -> {
                writer.roll();
                oracle.acknowledge(lane, writer.commit());
            }
            default -> oracle.acknowledge(lane, writer.commit());
        }
        return batch * 1_000L / RECORDS_PER_SECOND;
    }

    @Override
    public void close() {
        writer.finish();
        oracle.acknowledge(lane, writer.position());
        writer.close();
    }
}
