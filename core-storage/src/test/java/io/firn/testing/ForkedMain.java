package io.firn.testing;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;

/** Runs another main class, and ends the JVM when the process that started it is gone. */
public final class ForkedMain {
    private static final int ORPHAN_EXIT_CODE = 99;

    private ForkedMain() {}

    /** The first argument names the main class, the others are its own. */
    public static void main(String[] arguments) throws Throwable {
        Thread watch = new Thread(ForkedMain::haltWhenOrphaned, "parent-watch");
        watch.setDaemon(true);
        watch.start();
        String[] rest = Arrays.copyOfRange(arguments, 1, arguments.length);
        try {
            Class.forName(arguments[0]).getMethod("main", String[].class).invoke(null, (Object) rest);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    /** Standard input ends with the parent. */
    private static void haltWhenOrphaned() {
        try {
            int read = 0;
            while (read >= 0) {
                read = System.in.read();
            }
        } catch (IOException e) {
            System.err.println("parent watch: " + e);
        }
        Runtime.getRuntime().halt(ORPHAN_EXIT_CODE);
    }
}
