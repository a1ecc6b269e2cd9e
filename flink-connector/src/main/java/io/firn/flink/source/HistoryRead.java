package io.firn.flink.source;

import org.apache.flink.api.connector.source.SourceEvent;

/**
 * A reader tells the enumerator that it has emitted what a writer had committed before the job started.
 *
 * @param writer name of the writer
 */
record HistoryRead(String writer) implements SourceEvent {
    private static final long serialVersionUID = 1L;
}
