package io.firn.partition;

import io.firn.partition.FilterLexer.Kind;
import io.firn.partition.FilterLexer.Token;
import io.firn.partition.RecordFilter.Condition;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads the text of a filter of records: {@code condition (and condition)*}. Used once. */
final class RecordFilterParser {
    private static final String HEADER_PREFIX = "header.";

    private final FilterTokens tokens;

    RecordFilterParser(String text) {
        this.tokens = new FilterTokens(text);
    }

    List<Condition> parse() {
        List<Condition> conditions = new ArrayList<>();
        conditions.add(condition());
        while (tokens.peek().isKeyword("and")) {
            tokens.next();
            conditions.add(condition());
        }
        Token rest = tokens.peek();
        if (rest.kind() != Kind.END) {
            throw tokens.wrong(rest, "expected 'and' or the end; put values with blanks or signs in single quotes");
        }
        return conditions;
    }

    private Condition condition() {
        Token name = tokens.next();
        String header = header(name);
        Token operator = tokens.next();
        if (operator.isKeyword("in")) {
            return new Condition(header, RecordFilter.oneOf(list()), false);
        }
        if (operator.isKeyword("is")) {
            boolean negated = !tokens.peek().isKeyword("not");
            if (!negated) {
                tokens.next();
            }
            tokens.expectKeyword("null");
            return new Condition(header, value -> true, negated);
        }
        return comparison(header, operator);
    }

    private @Nullable String header(Token name) {
        if (name.kind() == Kind.WORD && name.text().equals("key")) {
            return null;
        }
        if (name.kind() == Kind.WORD
                && name.text().startsWith(HEADER_PREFIX)
                && name.text().length() > HEADER_PREFIX.length()) {
            return name.text().substring(HEADER_PREFIX.length());
        }
        throw tokens.wrong(name, "expected 'key', or 'header.' and the name of a header");
    }

    private Condition comparison(@Nullable String header, Token operator) {
        return switch (operator.kind() == Kind.SYMBOL ? operator.text() : "") {
            case "=" -> new Condition(header, RecordFilter.oneOf(List.of(value())), false);
            case "!=", "<>" -> new Condition(header, RecordFilter.oneOf(List.of(value())), true);
            case "<" -> new Condition(header, ordered(order -> order < 0), false);
            case "<=" -> new Condition(header, ordered(order -> order <= 0), false);
            case ">" -> new Condition(header, ordered(order -> order > 0), false);
            case ">=" -> new Condition(header, ordered(order -> order >= 0), false);
            default -> throw tokens.wrong(operator, "expected one of = != < <= > >= in is");
        };
    }

    private Predicate<ByteBuffer> ordered(Predicate<Integer> wanted) {
        byte[] bound = value().getBytes(StandardCharsets.UTF_8);
        return value -> wanted.test(RecordFilter.compare(value, bound));
    }

    private List<String> list() {
        tokens.expectSymbol("(");
        List<String> values = new ArrayList<>();
        values.add(value());
        while (tokens.peek().isSymbol(",")) {
            tokens.next();
            values.add(value());
        }
        tokens.expectSymbol(")");
        return values;
    }

    private String value() {
        Token token = tokens.next();
        if (token.kind() != Kind.QUOTED && token.kind() != Kind.WORD) {
            throw tokens.wrong(token, "expected a value");
        }
        return token.text();
    }
}
