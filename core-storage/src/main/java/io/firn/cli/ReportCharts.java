package io.firn.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** Charts of a report as SVG inside the page. Thread-safe: no state. */
final class ReportCharts {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 120;
    private static final int MAX_COLUMNS = 180;
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
        return chart("Records", columns, names, day -> day.records(), day -> 0)
                + chart("Bytes", columns, names, TableFigures.Day::coldBytes, TableFigures.Day::hotBytes)
                + "<p class=\"axis\">" + HtmlText.escape(names.get(0)) + " to "
                + HtmlText.escape(names.get(names.size() - 1)) + ", " + names.size() + " columns</p>\n";
    }

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

    private static String chart(
            String title,
            Map<String, TableFigures.Day> columns,
            List<String> names,
            ToDoubleFunction<TableFigures.Day> lower,
            ToDoubleFunction<TableFigures.Day> upper) {
        double highest = columns.values().stream()
                .mapToDouble(day -> lower.applyAsDouble(day) + upper.applyAsDouble(day))
                .max()
                .orElse(0);
        double scale = highest == 0 ? 0 : HEIGHT / highest;
        double step = (double) WIDTH / names.size();
        StringBuilder svg =
                new StringBuilder("<h4>").append(title).append("</h4>").append(begin(HEIGHT));
        for (int i = 0; i < names.size(); i++) {
            TableFigures.Day day = columns.getOrDefault(names.get(i), new TableFigures.Day(0, 0, 0));
            double low = lower.applyAsDouble(day) * scale;
            double high = upper.applyAsDouble(day) * scale;
            String tip = names.get(i) + ": " + day.records() + " records, "
                    + HtmlText.size(day.hotBytes() + day.coldBytes());
            svg.append(rect(i * step, HEIGHT - low, step * 0.9, low, "cold", tip));
            svg.append(rect(i * step, HEIGHT - low - high, step * 0.9, high, "hot", tip));
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
