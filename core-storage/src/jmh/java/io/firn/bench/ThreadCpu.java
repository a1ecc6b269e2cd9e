package io.firn.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** CPU time of the calling thread: on a shared machine the only clock whose ratios can be trusted. */
final class ThreadCpu {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private ThreadCpu() {}

    static long nowNs() {
        return THREADS.getCurrentThreadCpuTime();
    }
}
