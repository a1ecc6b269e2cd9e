package io.firn.cache;

/** Every option of a {@link CacheHierarchy}: its name, default and meaning. The page of options is made from it. */
public enum CacheOption {
    /** Off switch. */
    ENABLED("enabled", "true", "Whether anything is cached. With false every read loads from the store."),
    /** Memory. */
    L1_MAX_BYTES(
            "l1.max.bytes",
            "32MiB",
            "Memory of decompressed blocks; unless set, never more than a sixteenth of the heap's limit. 0 is none."),
    /** First local directory. */
    L2_PATH(
            "l2.path",
            "",
            "Directory of the fast local level, of its own and created when it is missing; empty is none."),
    /** Size of the first local level. */
    L2_MAX_BYTES("l2.max.bytes", "1GiB", "Bytes of stored blocks in the fast local level."),
    /** Second local directory. */
    L3_PATH(
            "l3.path",
            "",
            "Directory of the large local level, of its own and created when it is missing; empty is none."),
    /** Size of the second local level. */
    L3_MAX_BYTES("l3.max.bytes", "10GiB", "Bytes of stored blocks in the large local level."),
    /** Promotion. */
    PROMOTE_AFTER("promote.after", "2", "A block moves one level up with this many hits in its level; at least 1."),
    /** Guesses. */
    PREFETCH_MAX_BYTES(
            "prefetch.max.bytes",
            "0",
            "Decoded bytes that may be loaded ahead of random reads, where earlier ones announce them; 0 is off."),
    /** Background work. */
    MAINTENANCE_INTERVAL_MS(
            "maintenance.interval.ms", "30000", "Time between two rounds of maintenance, in milliseconds.");

    private final String key;
    private final String defaultText;
    private final String documentation;

    CacheOption(String key, String defaultText, String documentation) {
        this.key = key;
        this.defaultText = defaultText;
        this.documentation = documentation;
    }

    /** The name of the option. */
    public String key() {
        return key;
    }

    /** The default as a user would write it; empty when there is none. */
    public String defaultText() {
        return defaultText;
    }

    /** What the option does, in one or two sentences. */
    public String documentation() {
        return documentation;
    }
}
