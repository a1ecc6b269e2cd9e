package io.firn.flink.source;

import org.apache.flink.api.connector.source.SourceEvent;

/** A reader tells the enumerator that it has emitted all of the archive that it was given. */
record ArchiveRead() implements SourceEvent {
    private static final long serialVersionUID = 1L;
}
