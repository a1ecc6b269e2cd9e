package io.firn.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;

/** Charts of a report as SVG inside the page. Thread-safe: no state. */
final class ReportCharts {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 120;
    private static final int MAX_COLUMNS = 180;
    /** Fewer columns leave room at the right instead of growing wider. */
    private static final int LEAST_COLUMNS = 7;

    private static final int MONTH = "yyyy-mm".length();
    private static final int YEAR = "yyyy".length();

    private ReportCharts() {}

    /** One bar, divided by the bytes of the tiers. */
    static String tiers(List<TierTotals> tiers) {
        double all = tiers.stream().mapToLong(TierTotals::sizeBytes).sum();
        StringBuilder svg = begin(18);
        double x = 0;
        for (TierTotals tier : tiers) {
            double width = all == 0 ? 0 : WIDTH * tier.sizeBytes() / all;
            svg.append(rect(x, 0, width, 18, tier.name(), tier.name() + ": " + HtmlText.size(tier.sizeBytes())));
            x += width;
        }
        return svg.append("</svg>").toString();
    }

    /** Columns of records, and of bytes by tier, for each day; months or years when there are too many days. */
    static String days(SortedMap<?, TableFigures.Day> days) {
        SortedMap<String, TableFigures.Day> columns = columns(days);
        List<String> names = new ArrayList<>(columns.keySet());
        Part records = new Part("records", TableFigures.Day::records);
        Part cold = new Part("cold", TableFigures.Day::coldBytes);
        Part hot = new Part("hot", TableFigures.Day::hotBytes);
        return chart("Records", HtmlText::grouped, columns, List.of(records))
                + chart("Bytes", HtmlText::size, columns, List.of(cold, hot))
                + "<p class=\"axis\">" + HtmlText.escape(names.get(0)) + " to "
                + HtmlText.escape(names.get(names.size() - 1)) + ", " + names.size() + " columns</p>\n";
    }

    /** What a column shows in one colour. */
    private record Part(String kind, ToLongFunction<TableFigures.Day> value) {}

    private static SortedMap<String, TableFigures.Day> columns(SortedMap<?, TableFigures.Day> days) {
        SortedMap<String, TableFigures.Day> columns = grouped(days, Integer.MAX_VALUE);
        if (columns.size() > MAX_COLUMNS) {
            columns = grouped(days, MONTH);
        }
        return columns.size() > MAX_COLUMNS ? grouped(days, YEAR) : columns;
    }

    private static SortedMap<String, TableFigures.Day> grouped(SortedMap<?, TableFigures.Day> days, int length) {
        SortedMap<String, TableFigures.Day> grouped = new TreeMap<>();
        days.forEach((day, totals) -> {
            String text = day.toString();
            grouped.merge(
                    text.substring(0, Math.min(length, text.length())),
                    totals,
                    (a, b) -> new TableFigures.Day(
                            a.records() + b.records(), a.hotBytes() + b.hotBytes(), a.coldBytes() + b.coldBytes()));
        });
        return grouped;
    }

    /** A chart of stacked columns, the first part below. */
    private static String chart(
            String title, LongFunction<String> shown, SortedMap<String, TableFigures.Day> columns, List<Part> parts) {
        long highest = columns.values().stream()
                .mapToLong(day -> parts.stream()
                        .mapToLong(part -> part.value().applyAsLong(day))
                        .sum())
                .max()
                .orElse(0);
        double scale = highest == 0 ? 0 : (double) HEIGHT / highest;
        double step = (double) WIDTH / Math.max(LEAST_COLUMNS, columns.size());
        StringBuilder svg = new StringBuilder("<h4>" + title + " <span>up to " + shown.apply(highest) + "</span></h4>")
                .append(begin(HEIGHT));
        double x = 0;
        for (Map.Entry<String, TableFigures.Day> column : columns.entrySet()) {
            TableFigures.Day day = column.getValue();
            String tip = column.getKey() + ": " + HtmlText.grouped(day.records()) + " records, "
                    + HtmlText.size(day.hotBytes() + day.coldBytes());
            double top = HEIGHT;
            for (Part part : parts) {
                double height = part.value().applyAsLong(day) * scale;
                top -= height;
                svg.append(rect(x, top, step * 0.9, height, part.kind(), tip));
            }
            x += step;
        }
        return svg.append("</svg>\n").toString();
    }

    private static StringBuilder begin(int height) {
        return new StringBuilder("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + WIDTH + " " + height
                + "\" preserveAspectRatio=\"none\" role=\"img\">");
    }

    private static String rect(double x, double y, double width, double height, String kind, String tip) {
        if (width <= 0 || height <= 0) {
            return "";
        }
        return String.format(
                        Locale.ROOT,
                        "<rect class=\"%s\" x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\">",
                        kind,
                        x,
                        y,
                        width,
                        height)
                + "<title>" + HtmlText.escape(tip) + "</title></rect>";
    }
}
