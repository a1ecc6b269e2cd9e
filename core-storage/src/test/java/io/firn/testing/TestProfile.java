package io.firn.testing;

/** How much the tests are to do: a profile of the build says it in {@code firn.profile}. Thread-safe; no state. */
public final class TestProfile {
    private static final String PROPERTY = "firn.profile";

    private TestProfile() {}

    /** Whether many more rounds of the same tests are wanted ({@code -Pstress}). */
    public static boolean isStress() {
        return is("stress");
    }

    /** Whether the long runs that look for growth are wanted ({@code -Psoak}). */
    public static boolean isSoak() {
        return is("soak");
    }

    private static boolean is(String profile) {
        return profile.equals(System.getProperty(PROPERTY));
    }
}
