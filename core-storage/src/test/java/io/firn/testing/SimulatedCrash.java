package io.firn.testing;

/** The machine of a {@link CrashFileStore} lost power in this operation; an error, so that nothing handles it. */
public final class SimulatedCrash extends Error {
    private static final long serialVersionUID = 1L;

    /** Creates the crash; the message says where it happens. */
    public SimulatedCrash(String message) {
        super(message);
    }
}
