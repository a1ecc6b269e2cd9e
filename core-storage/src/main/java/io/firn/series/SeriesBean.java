package io.firn.series;

import io.firn.task.TaskStats;
import java.util.function.Supplier;

/** Shows statistics in JMX. Thread-safe. */
record SeriesBean(Supplier<SeriesStats> stats) implements SeriesMXBean {
    @Override
    public int getHeadSeries() {
        return stats.get().head().series();
    }

    @Override
    public long getHeadSamples() {
        return stats.get().head().samples();
    }

    @Override
    public long getHeadBytes() {
        return stats.get().head().heapBytes();
    }

    @Override
    public int getWarmBlocks() {
        return stats.get().tier(SeriesTier.WARM).blocks();
    }

    @Override
    public int getColdBlocks() {
        return stats.get().tier(SeriesTier.COLD).blocks();
    }

    @Override
    public long getBlockSamples() {
        return stats.get().tiers().values().stream()
                .mapToLong(SeriesStats.Tier::samples)
                .sum();
    }

    @Override
    public long getBlockBytes() {
        return stats.get().tiers().values().stream()
                .mapToLong(SeriesStats.Tier::encodedBytes)
                .sum();
    }

    @Override
    public int getBlocksToRemove() {
        return stats.get().blocksToRemove();
    }

    @Override
    public double getCacheL1HitRatio() {
        return stats.get().cache().levels().l1().hitRatio();
    }

    @Override
    public long getCacheL1Bytes() {
        return stats.get().cache().levels().l1().bytes();
    }

    @Override
    public long getCacheL2Bytes() {
        return stats.get().cache().levels().l2().bytes();
    }

    @Override
    public long getCacheL3Bytes() {
        return stats.get().cache().levels().l3().bytes();
    }

    @Override
    public long getCacheLoads() {
        return stats.get().cache().levels().loads();
    }

    @Override
    public long getBuffersOutstanding() {
        return stats.get().pools().buffers().outstanding();
    }

    @Override
    public double getBufferReusePercent() {
        return stats.get().pools().buffers().reusePercent();
    }

    @Override
    public double getContextReusePercent() {
        return stats.get().pools().contexts().reusePercent();
    }

    @Override
    public long getBackgroundRuns() {
        return stats.get().background().stream().mapToLong(TaskStats::runs).sum();
    }

    @Override
    public long getBackgroundFailures() {
        return stats.get().background().stream().mapToLong(TaskStats::failures).sum();
    }

    @Override
    public String getLastFailure() {
        return stats.get().operations().lastFailure();
    }

    @Override
    public String getJson() {
        return stats.get().toJson();
    }
}
