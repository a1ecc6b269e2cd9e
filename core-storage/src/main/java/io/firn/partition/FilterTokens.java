package io.firn.partition;

import io.firn.error.ConfigException;
import io.firn.partition.FilterLexer.Kind;
import io.firn.partition.FilterLexer.Token;
import java.util.List;

/** The tokens of a filter's text, taken one after the other. Confined to one thread. */
final class FilterTokens {
    private static final int MAX_CHARS = 65_536;

    private final String text;
    private final List<Token> tokens;
    private int at;

    FilterTokens(String text) {
        if (text.length() > MAX_CHARS) {
            throw new ConfigException(
                    "A filter of " + text.length() + " characters is too long; the limit is " + MAX_CHARS + ".");
        }
        this.text = text;
        this.tokens = new FilterLexer(text).tokens();
    }

    Token peek() {
        return tokens.get(at);
    }

    /** The last token, the end, is never passed. */
    Token next() {
        Token token = tokens.get(at);
        at = Math.min(at + 1, tokens.size() - 1);
        return token;
    }

    void expectKeyword(String keyword) {
        Token token = next();
        if (!token.isKeyword(keyword)) {
            throw wrong(token, "expected '" + keyword + "'");
        }
    }

    void expectSymbol(String symbol) {
        Token token = next();
        if (!token.isSymbol(symbol)) {
            throw wrong(token, "expected '" + symbol + "'");
        }
    }

    /** What was wrong about a value, at its place. */
    ConfigException malformed(Token token, String field, ConfigException cause) {
        return new ConfigException(
                "Invalid filter '" + Excerpt.of(text) + "' at position " + token.position() + ": field '" + field
                        + "': " + cause.getMessage(),
                cause);
    }

    ConfigException wrong(Token token, String reason) {
        String found = token.kind() == Kind.END ? "the end" : "'" + Excerpt.of(token.text()) + "'";
        return new ConfigException("Invalid filter '" + Excerpt.of(text) + "' at position " + token.position()
                + ": found " + found + "; " + reason + ".");
    }
}
