package io.firn.ipc.legacy;

import io.firn.error.CorruptDataException;
import io.firn.error.InvalidRecordException;
import io.firn.ipc.legacy.MigrationReport.StreamReport;
import io.firn.record.StreamRecord;
import io.firn.table.ScanOptions;
import io.firn.table.Table;
import io.firn.table.TableReader;
import io.firn.table.TableWriter;
import io.firn.table.WriterOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Brings what is missing of one old stream into the table. Confined to one thread. */
final class StreamMigration {
    /** Lane property: the directory that the stream came from. */
    static final String SOURCE_PROPERTY = "firn.legacy.source";
    /** Lane property: the stream's {@code meta.json}. */
    static final String META_PROPERTY = "firn.legacy.meta";

    private static final int RECORDS_PER_COMMIT = 10_000;
    private static final long BYTES_PER_COMMIT = 16L << 20;

    private final LegacyArchive archive;
    private final Table table;
    private final LegacyStream stream;
    private final long start;
    private long position;
    private List<Path> blankFiles = List.of();

    StreamMigration(LegacyArchive archive, Table table, LegacyStream stream, long position) {
        this.archive = archive;
        this.table = table;
        this.stream = stream;
        this.start = position;
        this.position = position;
    }

    StreamReport report() {
        return new StreamReport(stream, position - start, position);
    }

    /** Files that hold zeros only and were taken for empty, of a run that read them. */
    List<Path> blankFiles() {
        return blankFiles;
    }

    /**
     * Brings what is missing.
     *
     * @param before where an earlier run of the same process ended, which has verified what stands before
     * @return where this one ended
     */
    Optional<LegacyPlace> run(Optional<LegacyPlace> before) {
        LegacyListing listing = archive.segments(stream);
        Optional<LegacyPlace> valid = before.filter(place -> place.records() == position && place.holdsIn(listing));
        if (valid.isPresent() && archive.endsAt(stream, listing, valid.get())) {
            return valid;
        }
        try (LegacyReader reader =
                valid.isPresent() ? archive.readerAt(stream, listing, valid.get()) : archive.reader(stream)) {
            if (valid.isEmpty()) {
                skipMigrated(reader);
            }
            if (reader.next()) {
                copy(reader);
            }
            blankFiles = reader.blankFiles();
            return reader.place().filter(place -> place.records() == position);
        }
    }

    /** Reads, and so verifies, what is in the table already; its last record must be the same on both sides. */
    private void skipMigrated(LegacyReader reader) {
        for (long number = 0; number < position; number++) {
            if (!reader.next()) {
                throw new CorruptDataException(
                        stream.directory(),
                        0,
                        "expected at least the " + position + " records that were migrated before, found " + number
                                + ": files of the old archive are gone, or this is another archive");
            }
        }
        if (position > 0) {
            requireSame(reader.record());
        }
    }

    private void requireSame(StreamRecord old) {
        ScanOptions last = ScanOptions.builder()
                .writer(stream.writer())
                .fromSequences(Map.of(stream.writer(), position - 1))
                .build();
        try (TableReader migrated = table.reader(last)) {
            // Nothing there means that it was expired or dropped from the table: then the count has to do.
            if (migrated.next() && !migrated.record().toRecord().equals(old)) {
                throw new CorruptDataException(
                        stream.directory(),
                        0,
                        "record " + (position - 1) + " is not the one that was migrated before under this number:"
                                + " files of the old archive are gone or were replaced, or this is another archive;"
                                + " migrate it into a table of its own");
            }
        }
    }

    private void copy(LegacyReader reader) {
        WriterOptions options = WriterOptions.named(stream.layout().writer())
                .partition(stream.key().partition())
                .properties(properties())
                .build();
        try (TableWriter writer = table.writer(options)) {
            if (writer.position() != position) {
                throw new InvalidRecordException("Another migration brought " + stream + " from record " + position
                        + " to " + writer.position() + " meanwhile; run this one again");
            }
            try {
                appendAll(reader, writer);
            } catch (CorruptDataException | InvalidRecordException damaged) {
                // What was read before the damage was verified.
                writer.finish();
                position = writer.position();
                throw damaged;
            }
            writer.finish();
            position = writer.position();
        }
    }

    private void appendAll(LegacyReader reader, TableWriter writer) {
        int records = 0;
        long bytes = 0;
        do {
            StreamRecord record = reader.record();
            writer.append(reader.number(), record);
            byte[] value = record.value();
            bytes += value == null ? 0 : value.length;
            if (++records == RECORDS_PER_COMMIT || bytes >= BYTES_PER_COMMIT) {
                position = writer.commit();
                records = 0;
                bytes = 0;
            }
        } while (reader.next());
    }

    private Map<String, String> properties() {
        Map<String, String> properties = new TreeMap<>();
        properties.put(SOURCE_PROPERTY, stream.directory().toString());
        archive.meta(stream).ifPresent(meta -> properties.put(META_PROPERTY, meta.json()));
        return properties;
    }
}
