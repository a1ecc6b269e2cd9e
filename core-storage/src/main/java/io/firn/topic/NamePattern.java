package io.firn.topic;

import java.util.regex.Pattern;

/**
 * Patterns of the names of topics, tables and groups: {@code *} is any text, {@code ?} one character, everything else
 * stands for itself. Thread-safe: no state.
 */
public final class NamePattern {
    private NamePattern() {}

    /** A pattern as a regular expression of whole names; white space around it does not count. */
    public static Pattern parse(String text) {
        StringBuilder regex = new StringBuilder();
        text.trim().codePoints().forEach(c -> {
            switch (c) {
                case '*' -> regex.append(".*");
                case '?' -> regex.append('.');
                default -> regex.append(Pattern.quote(Character.toString(c)));
            }
        });
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }
}
