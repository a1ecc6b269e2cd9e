package io.firn.cli;

import io.firn.error.InvalidRecordException;
import io.firn.partition.CsvLine;
import io.firn.partition.ValueFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Lines of an input and what they are.
 *
 * @param lines the lines that are records
 * @param valueFormat how their fields are found
 * @param csv splits lines of CSV; empty for other formats
 */
record LineInput(LineReader lines, ValueFormat valueFormat, Optional<CsvLine> csv) {
    private static final String BYTE_ORDER_MARK = "\ufeff";

    /**
     * Reads the header of CSV input; waits for it.
     *
     * @throws InvalidRecordException when there is none
     */
    static LineInput open(LineReader lines, InputFormat format, char separator) throws IOException {
        if (format == InputFormat.JSONL) {
            return new LineInput(lines, ValueFormat.JSON, Optional.empty());
        }
        if (lines.next(Long.MAX_VALUE) != LineReader.Step.LINE) {
            throw new InvalidRecordException("The input is empty; expected a first line with the names of the columns");
        }
        CsvLine csv = new CsvLine(separator);
        try {
            refuseOpen(csv, lines);
        } catch (InvalidRecordException open) {
            throw new InvalidRecordException("Line 1: " + open.getMessage(), open);
        }
        return new LineInput(lines, ValueFormat.csv(columns(lines, csv), separator), Optional.of(csv));
    }

    /**
     * Refuses a line of CSV whose last field goes on in the next line: half of a record.
     *
     * @throws InvalidRecordException saying so
     */
    void refuseOpen() {
        csv.ifPresent(format -> refuseOpen(format, lines));
    }

    private static void refuseOpen(CsvLine csv, LineReader line) {
        if (csv.isOpen(line.bytes(), line.offset(), line.length())) {
            throw new InvalidRecordException("A quote is opened and not closed on this line."
                    + " A record is one line: take line breaks out of quoted fields, or give the records as JSON"
                    + " (--format jsonl)");
        }
    }

    private static List<String> columns(LineReader line, CsvLine csv) {
        String text = new String(line.bytes(), line.offset(), line.length(), StandardCharsets.UTF_8);
        if (text.startsWith(BYTE_ORDER_MARK)) {
            text = text.substring(1);
        }
        if (text.endsWith("\r")) {
            text = text.substring(0, text.length() - 1);
        }
        return csv.split(text);
    }
}
