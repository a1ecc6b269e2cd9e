package io.firn.partition;

import io.firn.error.ConfigException;
import io.firn.partition.FilterLexer.Kind;
import io.firn.partition.FilterLexer.Token;
import io.firn.partition.PartitionFilter.Bound;
import java.util.ArrayList;
import java.util.List;

/** Reads the text of a filter against a scheme: {@code condition (and condition)*}. Used once. */
final class FilterParser {
    private static final int MAX_CHARS = 65_536;

    private final String text;
    private final PartitionScheme scheme;
    private final List<Token> tokens;
    private int at;

    FilterParser(String text, PartitionScheme scheme) {
        if (text.length() > MAX_CHARS) {
            throw new ConfigException(
                    "A filter of " + text.length() + " characters is too long; the limit is " + MAX_CHARS + ".");
        }
        this.text = text;
        this.scheme = scheme;
        this.tokens = new FilterLexer(text).tokens();
    }

    PartitionFilter parse() {
        if (peek().kind() == Kind.END) {
            return PartitionFilter.all();
        }
        List<PartitionFilter> conditions = new ArrayList<>();
        conditions.add(condition());
        while (peek().isKeyword("and")) {
            at++;
            conditions.add(condition());
        }
        Token rest = peek();
        if (rest.isKeyword("or")) {
            throw wrong(rest, "'or' is not supported; use in (...) or run the command once per condition");
        }
        if (rest.kind() != Kind.END) {
            throw wrong(rest, "expected 'and' or the end; put values with blanks or signs in single quotes");
        }
        return conditions.size() == 1 ? conditions.get(0) : new PartitionFilter.And(conditions);
    }

    private PartitionFilter condition() {
        Token name = next();
        if (name.kind() != Kind.WORD) {
            throw wrong(name, "expected the name of a partition field; the table has '" + scheme.describe() + "'");
        }
        PartitionField field = field(name);
        Token operator = next();
        if (operator.isKeyword("in")) {
            return new PartitionFilter.In(field.name(), list(field));
        }
        if (operator.isKeyword("between")) {
            return between(field);
        }
        if (operator.isKeyword("is")) {
            expectKeyword("null");
            return new PartitionFilter.Exact(field.name(), null);
        }
        return comparison(field, operator);
    }

    private PartitionField field(Token name) {
        for (PartitionField field : scheme.fields()) {
            if (field.name().equals(name.text())) {
                return field;
            }
        }
        throw wrong(
                name,
                scheme.isUnpartitioned()
                        ? "the table has no partition fields"
                        : "no such partition field; the table has '" + scheme.describe() + "'");
    }

    private PartitionFilter comparison(PartitionField field, Token operator) {
        String name = field.name();
        return switch (operator.kind() == Kind.SYMBOL ? operator.text() : "") {
            case "=" -> new PartitionFilter.Exact(name, value(field));
            case "<" -> new PartitionFilter.Range(name, Bound.inclusive(null), Bound.exclusive(value(field)));
            case "<=" -> new PartitionFilter.Range(name, Bound.inclusive(null), Bound.inclusive(value(field)));
            case ">" -> new PartitionFilter.Range(name, Bound.exclusive(value(field)), Bound.inclusive(null));
            case ">=" -> new PartitionFilter.Range(name, Bound.inclusive(value(field)), Bound.inclusive(null));
            case "!=", "<>" -> throw wrong(operator, "'not equal' is not supported; use in (...), < and > instead");
            default -> throw wrong(operator, "expected one of = < <= > >= in between is");
        };
    }

    private PartitionFilter between(PartitionField field) {
        Object from = value(field);
        expectKeyword("and");
        return new PartitionFilter.Range(field.name(), Bound.inclusive(from), Bound.inclusive(value(field)));
    }

    private List<Object> list(PartitionField field) {
        expectSymbol("(");
        List<Object> values = new ArrayList<>();
        values.add(value(field));
        while (peek().isSymbol(",")) {
            at++;
            values.add(value(field));
        }
        expectSymbol(")");
        return values;
    }

    private Object value(PartitionField field) {
        Token token = next();
        if (token.kind() != Kind.QUOTED && token.kind() != Kind.WORD) {
            throw wrong(token, "expected a value of type " + field.type().text() + " for '" + field.name() + "'");
        }
        try {
            return field.type().parseValue(token.text());
        } catch (ConfigException malformed) {
            throw new ConfigException(
                    "Invalid filter '" + Excerpt.of(text) + "' at position " + token.position() + ": field '"
                            + field.name() + "': " + malformed.getMessage(),
                    malformed);
        }
    }

    private void expectKeyword(String keyword) {
        Token token = next();
        if (!token.isKeyword(keyword)) {
            throw wrong(token, "expected '" + keyword + "'");
        }
    }

    private void expectSymbol(String symbol) {
        Token token = next();
        if (!token.isSymbol(symbol)) {
            throw wrong(token, "expected '" + symbol + "'");
        }
    }

    private Token peek() {
        return tokens.get(at);
    }

    private Token next() {
        Token token = tokens.get(at);
        at = Math.min(at + 1, tokens.size() - 1);
        return token;
    }

    private ConfigException wrong(Token token, String reason) {
        String found = token.kind() == Kind.END ? "the end" : "'" + Excerpt.of(token.text()) + "'";
        return new ConfigException("Invalid filter '" + Excerpt.of(text) + "' at position " + token.position()
                + ": found " + found + "; " + reason + ".");
    }
}
