package io.firn.cli;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Text of a page of XHTML, put together from parts. Confined to one thread. */
final class HtmlText {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
    private static final int UNIT = 1024;

    private final StringBuilder text = new StringBuilder();

    /** Adds markup as it is. */
    HtmlText raw(String markup) {
        text.append(markup);
        return this;
    }

    /** Adds an element with a text. */
    HtmlText element(String name, String content) {
        return raw("<" + name + ">").escaped(content).raw("</" + name + ">");
    }

    /** Adds text. */
    HtmlText escaped(String content) {
        text.append(escape(content));
        return this;
    }

    /** Begins a table with headings that are texts, or {@link #number} above columns of numbers. */
    HtmlText tableHead(Object... columns) {
        raw("<div class=\"wide\"><table><thead><tr>");
        for (Object column : columns) {
            if (column instanceof Plain number) {
                raw("<th class=\"n\">").escaped(number.shown()).raw("</th>");
            } else {
                element("th", column.toString());
            }
        }
        return raw("</tr></thead><tbody>\n");
    }

    /** Ends a table. */
    HtmlText tableEnd() {
        return raw("</tbody></table></div>\n");
    }

    /** Adds a remark. */
    HtmlText note(String content) {
        return raw("<p class=\"note\">").escaped(content).raw("</p>\n");
    }

    /** Adds a row of texts. */
    HtmlText row(Object... cells) {
        raw("<tr>");
        for (Object cell : cells) {
            if (cell instanceof Figure figure) {
                raw("<td class=\"n\" data-" + figure.key() + "=\"" + figure.value() + "\" title=\"" + figure.value()
                                + "\">")
                        .escaped(figure.shown())
                        .raw("</td>");
            } else if (cell instanceof Plain number) {
                raw("<td class=\"n\">").escaped(number.shown()).raw("</td>");
            } else if (cell instanceof Marked marked) {
                raw("<td><i class=\"mark " + marked.kind() + "\"></i>")
                        .escaped(marked.text())
                        .raw("</td>");
            } else {
                element("td", cell.toString());
            }
        }
        return raw("</tr>\n");
    }

    /**
     * A number in a cell, exact in an attribute.
     *
     * @param key what it is, for machines
     * @param value the number
     * @param shown how people see it
     */
    record Figure(String key, long value, String shown) {}

    /**
     * A heading of numbers, or a number that is exact as it is shown.
     *
     * @param shown how people see it
     */
    record Plain(String shown) {}

    /**
     * A text with the colour that stands for it in the charts.
     *
     * @param kind class of the colour
     * @param text the text
     */
    record Marked(String kind, String text) {}

    /** The heading of a column of numbers. */
    static Plain number(String heading) {
        return new Plain(heading);
    }

    static Figure count(String key, long value) {
        return new Figure(key, value, grouped(value));
    }

    static Figure bytes(String key, long value) {
        return new Figure(key, value, size(value));
    }

    /** A number as people read it. */
    static String grouped(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** A size as people read it. */
    static String size(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= UNIT && unit < UNITS.length - 1) {
            value /= UNIT;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
    }

    /** How much smaller the stored form is. */
    static Plain ratio(long rawBytes, long sizeBytes) {
        return new Plain(sizeBytes == 0 ? "-" : String.format(Locale.ROOT, "%.2f", (double) rawBytes / sizeBytes));
    }

    /** Text for content and attributes; what XML cannot hold becomes a question mark. */
    static String escape(@Nullable String content) {
        StringBuilder escaped = new StringBuilder();
        String.valueOf(content).codePoints().forEach(point -> {
            switch (point) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                default -> escaped.appendCodePoint(isXml(point) ? point : '?');
            }
        });
        return escaped.toString();
    }

    private static boolean isXml(int point) {
        boolean control = point < 0x20 && point != '\t' && point != '\n' && point != '\r';
        boolean surrogate = point >= 0xD800 && point < 0xE000;
        return !control && !surrogate && point != 0xFFFE && point != 0xFFFF;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
