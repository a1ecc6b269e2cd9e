package io.firn.partition;

/** Shortens and cleans foreign text for messages. */
final class Excerpt {
    private static final int MAX_CHARS = 80;

    private Excerpt() {}

    /** The first characters of a text with control characters replaced, so that a message stays on one line. */
    static String of(CharSequence text) {
        int length = Math.min(text.length(), MAX_CHARS);
        StringBuilder out = new StringBuilder(length + 3);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            out.append(Character.isISOControl(c) || Character.isSurrogate(c) ? '?' : c);
        }
        return text.length() > MAX_CHARS ? out.append("...").toString() : out.toString();
    }
}
