package io.firn.partition;

import io.firn.error.ConfigException;
import java.util.ArrayList;
import java.util.List;

/** Cuts the text of a filter into tokens. */
final class FilterLexer {
    /** What a token is. */
    enum Kind {
        WORD,
        QUOTED,
        SYMBOL,
        END
    }

    /**
     * One token.
     *
     * @param kind what it is
     * @param text without quotes
     * @param position index of its first character in the filter
     */
    record Token(Kind kind, String text, int position) {
        boolean isKeyword(String keyword) {
            return kind == Kind.WORD && text.equalsIgnoreCase(keyword);
        }

        boolean isSymbol(String symbol) {
            return kind == Kind.SYMBOL && text.equals(symbol);
        }
    }

    private final String text;
    private int at;

    FilterLexer(String text) {
        this.text = text;
    }

    List<Token> tokens() {
        List<Token> tokens = new ArrayList<>();
        while (true) {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
            if (at == text.length()) {
                tokens.add(new Token(Kind.END, "the end", at));
                return tokens;
            }
            tokens.add(next());
        }
    }

    private Token next() {
        int start = at;
        char c = text.charAt(at);
        if (c == '\'') {
            return quoted(start);
        }
        if (isWordCharacter(c)) {
            while (at < text.length() && isWordCharacter(text.charAt(at))) {
                at++;
            }
            return new Token(Kind.WORD, text.substring(start, at), start);
        }
        at++;
        if (at < text.length() && (c == '<' || c == '>' || c == '!') && text.charAt(at) != '\'') {
            char second = text.charAt(at);
            at += second == '=' || second == '>' ? 1 : 0;
        }
        return new Token(Kind.SYMBOL, text.substring(start, at), start);
    }

    private Token quoted(int start) {
        StringBuilder value = new StringBuilder();
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c != '\'') {
                value.append(c);
            } else if (at < text.length() && text.charAt(at) == '\'') {
                value.append('\'');
                at++;
            } else {
                return new Token(Kind.QUOTED, value.toString(), start);
            }
        }
        throw new ConfigException("Invalid filter '" + Excerpt.of(text) + "' at position " + start
                + ": the closing ' is missing; write '' for a quote inside a value.");
    }

    private static boolean isWordCharacter(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '.' || c == ':' || c == '+';
    }
}
