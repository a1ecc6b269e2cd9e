package io.firn.flink.source;

import org.apache.flink.api.connector.source.SourceEvent;

/** The enumerator tells a reader that it has given it all of the archive that it will. */
record ArchiveEnds() implements SourceEvent {
    private static final long serialVersionUID = 1L;
}
