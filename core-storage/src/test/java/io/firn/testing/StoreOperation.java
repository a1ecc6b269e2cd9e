package io.firn.testing;

/** What can be called on a file store, its files and their regions. */
public enum StoreOperation {
    OPEN_READ(false),
    OPEN_WRITE(false),
    CREATE(true),
    CREATE_DIRECTORY(true),
    FORCE_DIRECTORY(true),
    RENAME(true),
    DELETE(true),
    EXISTS(false),
    LIST(false),
    INFO(false),
    USABLE_BYTES(false),
    LOCK(false),
    SIZE(false),
    READ(false),
    WRITE(true),
    TRUNCATE(true),
    FORCE(true),
    MAP(false),
    BUFFER(false),
    FORCE_REGION(true);

    private final boolean mutating;

    StoreOperation(boolean mutating) {
        this.mutating = mutating;
    }

    /** Whether it changes what is stored or what is durable. */
    public boolean isMutating() {
        return mutating;
    }
}
