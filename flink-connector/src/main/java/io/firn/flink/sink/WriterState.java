package io.firn.flink.sink;

import io.firn.table.RestoredAttempt;
import java.util.Optional;
import java.util.UUID;

/**
 * What a checkpoint keeps of a writer: its attempt, and how much of it was prepared.
 *
 * @param tableId the table
 * @param attempt the writer attempt
 * @param newestPartition path of the newest partition that it had begun, where late records matter
 */
public record WriterState(UUID tableId, RestoredAttempt attempt, Optional<String> newestPartition) {}
