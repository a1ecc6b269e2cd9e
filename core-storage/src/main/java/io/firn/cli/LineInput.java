package io.firn.cli;

import io.firn.partition.CsvLine;
import io.firn.partition.ValueFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Lines of an input and what they are.
 *
 * @param lines the lines that are records
 * @param valueFormat how their fields are found
 */
record LineInput(LineReader lines, ValueFormat valueFormat) {
    private static final String BYTE_ORDER_MARK = "\ufeff";

    /** Reads the header of CSV input; waits for it. */
    static LineInput open(LineReader lines, InputFormat format, char separator) throws IOException {
        if (format == InputFormat.JSONL) {
            return new LineInput(lines, ValueFormat.JSON);
        }
        LineReader.Step step = lines.next(Long.MAX_VALUE);
        List<String> columns = step == LineReader.Step.LINE ? columns(lines, separator) : List.of();
        return new LineInput(lines, ValueFormat.csv(columns, separator));
    }

    private static List<String> columns(LineReader line, char separator) {
        String text = new String(line.bytes(), line.offset(), line.length(), StandardCharsets.UTF_8);
        if (text.startsWith(BYTE_ORDER_MARK)) {
            text = text.substring(1);
        }
        if (text.endsWith("\r")) {
            text = text.substring(0, text.length() - 1);
        }
        return new CsvLine(separator).split(text);
    }
}
