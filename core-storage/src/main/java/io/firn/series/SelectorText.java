package io.firn.series;

import io.firn.error.ConfigException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a selection as Prometheus writes it: {@code cpu_seconds_total{host=~"a|b", mode!="idle"}}. Names and values
 * stand in double, single or back quotes; a quoted text alone in the braces is the name of the metric, and names of
 * labels with other characters than letters, digits and underscores are quoted too. Source: the expression language of
 * Prometheus 3, series selectors. One use, one thread.
 */
public final class SelectorText {
    private static final int HEX = 16;

    private final String text;
    private final List<LabelMatcher> matchers = new ArrayList<>();
    private int at;

    private SelectorText(String text) {
        this.text = text;
    }

    /**
     * Reads conditions.
     *
     * @throws ConfigException when the text is anything else; the message says where
     */
    public static List<LabelMatcher> parse(String text) {
        return new SelectorText(text).parse();
    }

    private List<LabelMatcher> parse() {
        skipSpace();
        if (at < text.length() && isNameStart(true)) {
            matchers.add(LabelMatcher.equal(Labels.NAME, name(true)));
            skipSpace();
        }
        if (at < text.length() && text.charAt(at) == '{') {
            at++;
            braces();
        }
        skipSpace();
        if (at < text.length()) {
            throw wrong("expected the end");
        }
        if (matchers.isEmpty()) {
            throw wrong("expected the name of a metric, or conditions in braces");
        }
        return List.copyOf(matchers);
    }

    private void braces() {
        skipSpace();
        while (!takes('}')) {
            condition();
            skipSpace();
            if (!takes(',') && (at >= text.length() || text.charAt(at) != '}')) {
                throw wrong("expected , or }");
            }
            skipSpace();
        }
    }

    private void condition() {
        boolean quoted = isQuote();
        String name = quoted ? quoted() : name(false);
        skipSpace();
        if (quoted && at < text.length() && (text.charAt(at) == ',' || text.charAt(at) == '}')) {
            matchers.add(LabelMatcher.equal(Labels.NAME, name));
            return;
        }
        LabelMatcher.Kind kind = operator();
        skipSpace();
        if (!isQuote()) {
            throw wrong("expected a value in quotes");
        }
        matchers.add(LabelMatcher.of(name, kind, quoted()));
    }

    private LabelMatcher.Kind operator() {
        LabelMatcher.Kind found = null;
        for (LabelMatcher.Kind kind : LabelMatcher.Kind.values()) {
            boolean longer =
                    found == null || kind.operator().length() > found.operator().length();
            found = text.startsWith(kind.operator(), at) && longer ? kind : found;
        }
        if (found == null) {
            throw wrong("expected =, !=, =~ or !~");
        }
        at += found.operator().length();
        return found;
    }

    private boolean isNameStart(boolean ofMetric) {
        char c = text.charAt(at);
        return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (ofMetric && c == ':');
    }

    private String name(boolean ofMetric) {
        int start = at;
        while (at < text.length()
                && (isNameStart(ofMetric) || (at > start && text.charAt(at) >= '0' && text.charAt(at) <= '9'))) {
            at++;
        }
        if (at == start) {
            throw wrong("expected a name");
        }
        return text.substring(start, at);
    }

    private boolean isQuote() {
        return at < text.length() && "\"'`".indexOf(text.charAt(at)) >= 0;
    }

    private String quoted() {
        char quote = text.charAt(at++);
        StringBuilder value = new StringBuilder();
        while (at < text.length() && text.charAt(at) != quote) {
            char c = text.charAt(at++);
            value.append(c == '\\' && quote != '`' ? escaped() : c);
        }
        if (!takes(quote)) {
            throw wrong("expected the closing " + quote);
        }
        return value.toString();
    }

    private char escaped() {
        char c = at < text.length() ? text.charAt(at++) : '\0';
        return switch (c) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case '\\', '"', '\'' -> c;
            case 'x' -> hexadecimal(2);
            case 'u' -> hexadecimal(4);
            default -> throw wrong("expected one of \\n \\t \\r \\\\ \\\" \\' \\x \\u");
        };
    }

    private char hexadecimal(int digits) {
        int end = at + digits;
        int value = 0;
        while (at < end) {
            int digit = at < text.length() ? Character.digit(text.charAt(at), HEX) : -1;
            if (digit < 0) {
                throw wrong("expected " + digits + " hexadecimal digits");
            }
            value = value * HEX + digit;
            at++;
        }
        return (char) value;
    }

    private boolean takes(char c) {
        boolean there = at < text.length() && text.charAt(at) == c;
        at += there ? 1 : 0;
        return there;
    }

    private void skipSpace() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private ConfigException wrong(String expected) {
        return new ConfigException("The selection '" + text + "' is wrong at index " + at + ": " + expected
                + "; write it like cpu_seconds_total{host=~\"a|b\",mode!=\"idle\"}");
    }
}
