package io.firn.series;

import io.firn.error.ConfigException;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A condition on one label, as Prometheus has it; an absent label counts as one with the empty value, so that {@code
 * !=} and {@code !~} match it too.
 *
 * <p>Regular expressions are those of {@link java.util.regex.Pattern}, must match the whole value, and have at most
 * {@link #MAX_PATTERN_LENGTH} characters; one that takes too long on a value, or
 * too much of the stack, is stopped. Immutable; thread-safe.
 */
public final class LabelMatcher {
    /** Most characters of a regular expression. */
    public static final int MAX_PATTERN_LENGTH = 4096;

    /** What is compared. */
    public enum Kind {
        /** The value is this one; with the empty text: the label is absent. */
        EQUAL("="),
        /** The value is another one, or absent. */
        NOT_EQUAL("!="),
        /** The whole value matches. */
        REGEX("=~"),
        /** The whole value does not match. */
        NOT_REGEX("!~");

        private final String operator;

        Kind(String operator) {
            this.operator = operator;
        }

        /** The operator as text. */
        public String operator() {
            return operator;
        }

        boolean isRegex() {
            return this == REGEX || this == NOT_REGEX;
        }

        boolean isNegative() {
            return this == NOT_EQUAL || this == NOT_REGEX;
        }
    }

    private final String name;
    private final Kind kind;
    private final String value;
    private final Pattern pattern;

    private LabelMatcher(String name, Kind kind, String value, Pattern pattern) {
        this.name = name;
        this.kind = kind;
        this.value = value;
        this.pattern = pattern;
    }

    /**
     * Makes a matcher.
     *
     * @throws ConfigException when the name is empty, a text has half of a surrogate pair, or the expression is too
     *     long or no valid one
     */
    public static LabelMatcher of(String name, Kind kind, String value) {
        if (name.isEmpty()) {
            throw new ConfigException("A matcher has an empty label name; name the label that '" + value + "' is of");
        }
        if (Labels.halfPair(name) >= 0 || Labels.halfPair(value) >= 0) {
            throw new ConfigException("The matcher " + name + kind.operator() + "\"" + value
                    + "\" has half of a surrogate pair, which is no text and no label has; write the whole character");
        }
        if (!kind.isRegex()) {
            return new LabelMatcher(name, kind, value, Pattern.compile("", Pattern.LITERAL));
        }
        if (value.length() > MAX_PATTERN_LENGTH) {
            throw new ConfigException("The regular expression for label '" + name + "' has " + value.length()
                    + " characters, at most " + MAX_PATTERN_LENGTH + " are allowed; use several matchers");
        }
        try {
            return new LabelMatcher(name, kind, value, Pattern.compile(value, Pattern.DOTALL));
        } catch (PatternSyntaxException invalid) {
            throw new ConfigException(
                    "The regular expression for label '" + name + "' is invalid: " + invalid.getMessage(), invalid);
        } catch (StackOverflowError deep) {
            throw new ConfigException(
                    "The regular expression for label '" + name + "' is nested too deeply; use several matchers", deep);
        }
    }

    /** The label has this value. */
    public static LabelMatcher equal(String name, String value) {
        return of(name, Kind.EQUAL, value);
    }

    /** The label has another value, or is absent. */
    public static LabelMatcher notEqual(String name, String value) {
        return of(name, Kind.NOT_EQUAL, value);
    }

    /** The whole value matches an expression. */
    public static LabelMatcher regex(String name, String expression) {
        return of(name, Kind.REGEX, expression);
    }

    /** The whole value does not match an expression, or the label is absent and the expression needs a character. */
    public static LabelMatcher notRegex(String name, String expression) {
        return of(name, Kind.NOT_REGEX, expression);
    }

    /** The label. */
    public String name() {
        return name;
    }

    /** What is compared. */
    public Kind kind() {
        return kind;
    }

    /** The value or the expression. */
    public String value() {
        return value;
    }

    /**
     * Whether a value, empty for an absent label, fulfils the condition.
     *
     * @throws ConfigException when the expression takes too long or too much memory on it
     */
    public boolean matches(String found) {
        boolean same = kind.isRegex() ? isMatch(found) : value.equals(found);
        return same != kind.isNegative();
    }

    private boolean isMatch(String found) {
        try {
            return pattern.matcher(new BoundedText(found, this)).matches();
        } catch (StackOverflowError deep) {
            throw new ConfigException(
                    "The matcher " + this + " needs too much of the stack for a value of " + found.length()
                            + " characters and was stopped; write it without repeated groups",
                    deep);
        }
    }

    /** Refuses conditions that every series fulfils or may fulfil by having no labels. */
    static List<LabelMatcher> requireSelective(List<LabelMatcher> matchers) {
        if (matchers.stream().allMatch(matcher -> matcher.matches(""))) {
            throw new ConfigException("The matchers " + matchers + " all match an absent label, so they could choose"
                    + " everything; add one that does not, for example __name__=~\".+\"");
        }
        return List.copyOf(matchers);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LabelMatcher that
                && name.equals(that.name)
                && kind == that.kind
                && value.equals(that.value);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, kind, value);
    }

    @Override
    public String toString() {
        return name + kind.operator() + "\"" + value + "\"";
    }
}
