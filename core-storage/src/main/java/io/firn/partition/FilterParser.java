package io.firn.partition;

import io.firn.error.ConfigException;
import io.firn.partition.FilterLexer.Kind;
import io.firn.partition.FilterLexer.Token;
import io.firn.partition.PartitionFilter.Bound;
import java.util.ArrayList;
import java.util.List;

/** Reads the text of a filter against a scheme: {@code condition (and condition)*}. Used once. */
final class FilterParser {
    private final PartitionScheme scheme;
    private final FilterTokens tokens;

    FilterParser(String text, PartitionScheme scheme) {
        this.scheme = scheme;
        this.tokens = new FilterTokens(text);
    }

    PartitionFilter parse() {
        if (tokens.peek().kind() == Kind.END) {
            return PartitionFilter.all();
        }
        List<PartitionFilter> conditions = new ArrayList<>();
        conditions.add(condition());
        while (tokens.peek().isKeyword("and")) {
            tokens.next();
            conditions.add(condition());
        }
        Token rest = tokens.peek();
        if (rest.isKeyword("or")) {
            throw tokens.wrong(rest, "'or' is not supported; use in (...) or run the command once per condition");
        }
        if (rest.kind() != Kind.END) {
            throw tokens.wrong(rest, "expected 'and' or the end; put values with blanks or signs in single quotes");
        }
        return conditions.size() == 1 ? conditions.get(0) : new PartitionFilter.And(conditions);
    }

    private PartitionFilter condition() {
        Token name = tokens.next();
        if (name.kind() != Kind.WORD) {
            throw tokens.wrong(
                    name, "expected the name of a partition field; the table has '" + scheme.describe() + "'");
        }
        PartitionField field = field(name);
        Token operator = tokens.next();
        if (operator.isKeyword("in")) {
            return new PartitionFilter.In(field.name(), list(field));
        }
        if (operator.isKeyword("between")) {
            return between(field);
        }
        if (operator.isKeyword("is")) {
            tokens.expectKeyword("null");
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
        throw tokens.wrong(
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
            case "!=", "<>" ->
                throw tokens.wrong(operator, "'not equal' is not supported; use in (...), < and > instead");
            default -> throw tokens.wrong(operator, "expected one of = < <= > >= in between is");
        };
    }

    private PartitionFilter between(PartitionField field) {
        Object from = value(field);
        tokens.expectKeyword("and");
        return new PartitionFilter.Range(field.name(), Bound.inclusive(from), Bound.inclusive(value(field)));
    }

    private List<Object> list(PartitionField field) {
        tokens.expectSymbol("(");
        List<Object> values = new ArrayList<>();
        values.add(value(field));
        while (tokens.peek().isSymbol(",")) {
            tokens.next();
            values.add(value(field));
        }
        tokens.expectSymbol(")");
        return values;
    }

    private Object value(PartitionField field) {
        Token token = tokens.next();
        if (token.kind() != Kind.QUOTED && token.kind() != Kind.WORD) {
            throw tokens.wrong(
                    token, "expected a value of type " + field.type().text() + " for '" + field.name() + "'");
        }
        try {
            return field.type().parseValue(token.text());
        } catch (ConfigException malformed) {
            throw tokens.malformed(token, field.name(), malformed);
        }
    }
}
