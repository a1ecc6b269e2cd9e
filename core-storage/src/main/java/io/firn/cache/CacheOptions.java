package io.firn.cache;

import io.firn.error.ConfigException;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a {@link CacheHierarchy} may use. Immutable; thread-safe.
 *
 * @param enabled false caches nothing at all
 * @param l1MaxBytes memory of decompressed blocks, {@code >= 0}
 * @param l2 the fast local level
 * @param l3 the large local level
 * @param promoteAfter hits in a level with which a block moves one level up, {@code >= 1}
 * @param prefetchMaxBytes decoded bytes that may be loaded ahead of random reads, {@code >= 0}; 0 is off
 * @param maintenanceIntervalMs time between two calls of {@link CacheHierarchy#maintain}, which its owner makes
 * @see CacheOption
 */
public record CacheOptions(
        boolean enabled,
        long l1MaxBytes,
        LocalCacheOptions l2,
        LocalCacheOptions l3,
        int promoteAfter,
        long prefetchMaxBytes,
        long maintenanceIntervalMs) {

    private static final Map<String, Integer> UNIT_SHIFTS = Map.of("KiB", 10, "MiB", 20, "GiB", 30, "TiB", 40);

    /** Checks the numbers, and that the levels do not share a directory. */
    public CacheOptions {
        requireAtLeast(CacheOption.L1_MAX_BYTES, l1MaxBytes, 0);
        requireAtLeast(CacheOption.PROMOTE_AFTER, promoteAfter, 1);
        requireAtLeast(CacheOption.PREFETCH_MAX_BYTES, prefetchMaxBytes, 0);
        requireAtLeast(CacheOption.MAINTENANCE_INTERVAL_MS, maintenanceIntervalMs, 1);
        if (l2.isOn() && l3.isOn() && l2.path().equals(l3.path())) {
            throw new ConfigException("l2.path and l3.path are both '" + l2.path() + "': use two directories");
        }
    }

    /** Memory only, as every table has it: 32 MiB, and never more than a sixteenth of the heap's limit. */
    public static CacheOptions defaults() {
        return fromProperties(Map.of());
    }

    /** Memory only. */
    static CacheOptions ofMemory(long maxBytes) {
        return fromProperties(Map.of(CacheOption.L1_MAX_BYTES.key(), Long.toString(maxBytes)));
    }

    /** No caching. */
    public static CacheOptions off() {
        return fromProperties(Map.of(CacheOption.ENABLED.key(), "false"));
    }

    /**
     * Reads options from text.
     *
     * @param properties values by {@link CacheOption#key}; what is missing has its default
     * @throws ConfigException when a name is unknown or a value is invalid
     */
    public static CacheOptions fromProperties(Map<String, String> properties) {
        Map<String, String> left = new TreeMap<>(properties);
        Map<CacheOption, String> texts = new EnumMap<>(CacheOption.class);
        for (CacheOption option : CacheOption.values()) {
            String text = left.remove(option.key());
            texts.put(option, text == null ? option.defaultText() : text.strip());
        }
        if (!left.isEmpty()) {
            throw new ConfigException("Unknown options of a cache: " + left.keySet());
        }
        long l1MaxBytes = bytes(texts, CacheOption.L1_MAX_BYTES);
        if (!properties.containsKey(CacheOption.L1_MAX_BYTES.key())) {
            l1MaxBytes = Math.min(l1MaxBytes, Runtime.getRuntime().maxMemory() / 16);
        }
        return new CacheOptions(
                flag(texts, CacheOption.ENABLED),
                l1MaxBytes,
                local(texts, CacheOption.L2_PATH, CacheOption.L2_MAX_BYTES),
                local(texts, CacheOption.L3_PATH, CacheOption.L3_MAX_BYTES),
                Math.toIntExact(Math.min(Integer.MAX_VALUE, bytes(texts, CacheOption.PROMOTE_AFTER))),
                bytes(texts, CacheOption.PREFETCH_MAX_BYTES),
                bytes(texts, CacheOption.MAINTENANCE_INTERVAL_MS));
    }

    private static LocalCacheOptions local(Map<CacheOption, String> texts, CacheOption path, CacheOption size) {
        return new LocalCacheOptions(texts.getOrDefault(path, ""), bytes(texts, size));
    }

    private static boolean flag(Map<CacheOption, String> texts, CacheOption option) {
        return switch (texts.getOrDefault(option, "")) {
            case "true" -> true;
            case "false" -> false;
            default -> throw invalid(option, texts.getOrDefault(option, ""), "use true or false");
        };
    }

    /** A whole number with or without a unit such as KiB. */
    private static long bytes(Map<CacheOption, String> texts, CacheOption option) {
        String text = texts.getOrDefault(option, "");
        String unit = text.length() > 3 ? text.substring(text.length() - 3) : "";
        int shift = UNIT_SHIFTS.getOrDefault(unit, 0);
        String digits = shift == 0 ? text : text.substring(0, text.length() - 3).strip();
        try {
            return Math.multiplyExact(Long.parseLong(digits), 1L << shift);
        } catch (ArithmeticException | NumberFormatException e) {
            throw invalid(option, text, "use a number, where it is bytes also with KiB, MiB, GiB or TiB");
        }
    }

    private static void requireAtLeast(CacheOption option, long value, long least) {
        if (value < least) {
            throw invalid(option, Long.toString(value), "use at least " + least);
        }
    }

    private static ConfigException invalid(CacheOption option, String value, String hint) {
        return new ConfigException("Invalid value '" + value + "' for '" + option.key() + "': " + hint);
    }
}
