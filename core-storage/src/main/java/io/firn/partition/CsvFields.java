package io.firn.partition;

import io.firn.error.ConfigException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Extracts fields from CSV lines by the names of their columns; an empty field is text, a line that is too short lacks
 * the field.
 *
 * <p>Confined to one thread.
 */
final class CsvFields implements FieldExtractor {
    private static final int UNWANTED = -1;
    /** Columns that a message names. */
    private static final int MAX_NAMED = 50;

    private final CsvLine line;
    private final Utf8Chars utf8 = new Utf8Chars();
    private final int[][] fieldsOfColumn;

    CsvFields(List<WantedField> fields, List<String> columns, char separator) {
        this.line = new CsvLine(separator);
        int last = UNWANTED;
        int[][] byColumn = new int[columns.size()][0];
        for (WantedField field : fields) {
            int column = columnOf(field, columns);
            byColumn[column] = Arrays.copyOf(byColumn[column], byColumn[column].length + 1);
            byColumn[column][byColumn[column].length - 1] = field.index();
            last = Math.max(last, column);
        }
        this.fieldsOfColumn = Arrays.copyOf(byColumn, last + 1);
    }

    private static int columnOf(WantedField field, List<String> columns) {
        String name = String.join(".", field.path());
        int column = columns.indexOf(name);
        if (column < 0) {
            throw new ConfigException(
                    "No column '" + Excerpt.of(name) + "' in the CSV header; it has " + excerpt(columns) + ".");
        }
        if (columns.lastIndexOf(name) != column) {
            throw new ConfigException("Column '" + Excerpt.of(name) + "' is named twice in the CSV header, "
                    + excerpt(columns) + "; give one of them another name.");
        }
        return column;
    }

    private static String excerpt(List<String> columns) {
        List<String> first = columns.stream().limit(MAX_NAMED).map(Excerpt::of).toList();
        int more = columns.size() - first.size();
        return first + (more > 0 ? " and " + more + " more" : "");
    }

    @Override
    public @Nullable String extract(byte[] bytes, FieldSink sink) {
        if (!utf8.decode(bytes)) {
            return "is not valid UTF-8";
        }
        // Lines that end with CR LF are stored with their CR, which belongs to no field.
        int length = utf8.length();
        int end = length > 0 && utf8.chars()[length - 1] == '\r' ? length - 1 : length;
        int at = 0;
        for (int column = 0; column < fieldsOfColumn.length && at <= end; column++) {
            at = line.next(utf8.chars(), end, at);
            for (int field : fieldsOfColumn[column]) {
                sink.text(field, line.text(), 0, line.length());
            }
        }
        return null;
    }
}
