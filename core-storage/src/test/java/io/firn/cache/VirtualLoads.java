package io.firn.cache;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;

/** Background loads that take a fixed time of a clock that the test moves. Confined to one thread. */
final class VirtualLoads implements Executor {
    private record Load(long doneMs, Runnable task) {}

    private final long latencyMs;
    private final Deque<Load> loads = new ArrayDeque<>();
    private long nowMs;

    VirtualLoads(long latencyMs) {
        this.latencyMs = latencyMs;
    }

    @Override
    public void execute(Runnable task) {
        loads.addLast(new Load(nowMs + latencyMs, task));
    }

    /** Moves the clock and ends the loads that are due. */
    void pass(long ms) {
        nowMs += ms;
        while (!loads.isEmpty() && loads.getFirst().doneMs() <= nowMs) {
            loads.removeFirst().task().run();
        }
    }
}
