package io.firn.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Rows of text under each other; numbers stand at the right. Confined to one thread. */
final class TextTable {
    private final List<List<String>> rows = new ArrayList<>();

    TextTable(String... titles) {
        rows.add(List.of(titles));
    }

    /** Adds a row of as many cells as there are titles. */
    void row(Object... cells) {
        List<String> texts = new ArrayList<>();
        for (Object cell : cells) {
            texts.add(cell.toString());
        }
        rows.add(texts);
    }

    void print(Output out) throws IOException {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                append(line, row.get(i), widths[i], isNumber(i));
            }
            out.line(line.toString().stripTrailing());
        }
    }

    private boolean isNumber(int column) {
        return rows.size() > 1
                && rows.stream().skip(1).map(row -> row.get(column)).allMatch(cell -> cell.matches("-|[\\d.]+"));
    }

    private static void append(StringBuilder line, String text, int width, boolean right) {
        String padding = " ".repeat(width - text.length());
        line.append(line.isEmpty() ? "" : "  ");
        line.append(right ? padding + text : text + padding);
    }
}
