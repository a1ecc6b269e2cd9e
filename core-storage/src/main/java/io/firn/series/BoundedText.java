package io.firn.series;

import io.firn.error.ConfigException;

/**
 * A text that an expression may look at only so often: an expression that backtracks without end is stopped. Confined
 * to one thread.
 */
final class BoundedText implements CharSequence {
    private static final int MAX_LOOKS = 4 << 20;

    private final String text;
    private final LabelMatcher matcher;
    private int looks;

    BoundedText(String text, LabelMatcher matcher) {
        this.text = text;
        this.matcher = matcher;
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public char charAt(int index) {
        if (++looks > MAX_LOOKS) {
            throw new ConfigException("The matcher " + matcher + " looked " + MAX_LOOKS + " times at a value of "
                    + text.length() + " characters and was stopped; write it without nested repetitions");
        }
        return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.subSequence(start, end);
    }

    @Override
    public String toString() {
        return text;
    }
}
