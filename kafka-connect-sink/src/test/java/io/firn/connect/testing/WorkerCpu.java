package io.firn.connect.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * CPU time of a worker's process per record, for contestants that run in turn; the first round warms up. Confined to
 * one thread.
 */
public final class WorkerCpu {
    private final ConnectWorker worker;
    private final long records;
    private final Map<String, List<Double>> microsPerRecord = new TreeMap<>();

    /** Every run handles so many records. */
    public WorkerCpu(ConnectWorker worker, long records) {
        this.worker = worker;
        this.records = records;
    }

    /** Runs a contestant to its end and prints what it cost. */
    public void measure(String contestant, int round, Runnable run) {
        Duration before = cpu();
        long startNs = System.nanoTime();
        run.run();
        double seconds = (System.nanoTime() - startNs) / 1e9;
        double micros = cpu().minus(before).toNanos() / 1e3 / records;
        System.out.printf(
                "round %d %-20s %.2f us CPU per record, %.0f k records/s%n",
                round, contestant, micros, records / seconds / 1e3);
        if (round > 0) {
            microsPerRecord
                    .computeIfAbsent(contestant, any -> new ArrayList<>())
                    .add(micros);
        }
    }

    /** Prints the medians, and their ratios to one of them. */
    public void printMedians(String baseline) {
        double base = median(microsPerRecord.getOrDefault(baseline, List.of()));
        microsPerRecord.forEach((contestant, values) -> System.out.printf(
                "%-20s median %.2f us, %.2f x %s%n", contestant, median(values), median(values) / base, baseline));
    }

    private Duration cpu() {
        return ProcessHandle.of(worker.pid())
                .flatMap(process -> process.info().totalCpuDuration())
                .orElseThrow();
    }

    private static double median(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.isEmpty() ? Double.NaN : sorted.get(sorted.size() / 2);
    }
}
