package io.firn.task;

/**
 * What a background task did so far.
 *
 * @param name the task
 * @param runs runs that have ended, failed ones included
 * @param failures runs that threw
 * @param lastDurationNs how long the last run took; 0 before the first
 * @param running whether it runs at present
 */
public record TaskStats(String name, long runs, long failures, long lastDurationNs, boolean running) {}
