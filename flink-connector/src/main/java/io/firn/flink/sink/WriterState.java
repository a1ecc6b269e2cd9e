package io.firn.flink.sink;

import java.util.UUID;

/**
 * What a checkpoint keeps of a writer: its attempt, and how much of it was prepared.
 *
 * @param tableId the table
 * @param writer name of the writer attempt
 * @param prepared number of its last prepared commit, 0 when there is none
 */
public record WriterState(UUID tableId, String writer, long prepared) {}
