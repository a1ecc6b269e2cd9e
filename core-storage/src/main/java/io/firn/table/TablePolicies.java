package io.firn.table;

import io.firn.error.ConfigException;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

/** Compression policies as options, both ways. */
final class TablePolicies {
    private static final String CUSTOM_PREFIX = "custom:";
    private static final Pattern CLASS_NAME =
            Pattern.compile("[\\p{L}_$][\\p{L}\\p{N}_$]*(\\.[\\p{L}_$][\\p{L}\\p{N}_$]*)+");

    private TablePolicies() {}

    static boolean isPolicyOption(TableOption option) {
        return switch (option) {
            case COMPRESSION_POLICY,
                    COMPRESSION_AFTER,
                    COMPRESSION_THRESHOLD_BYTES,
                    COMPRESSION_TRACK_READS,
                    TRACK_ACCESS -> true;
            default -> false;
        };
    }

    static CompressionPolicy fromOptions(Map<TableOption, Object> values, boolean trackReads) {
        String name = String.valueOf(values.get(TableOption.COMPRESSION_POLICY));
        Duration after = values.get(TableOption.COMPRESSION_AFTER) instanceof Duration given ? given : Duration.ZERO;
        return switch (name) {
            case "never" -> new CompressionPolicy.Never();
            case "immediate" -> new CompressionPolicy.Immediate();
            case "idle-after" -> new CompressionPolicy.IdleAfter(after, trackReads);
            case "age-after" -> new CompressionPolicy.AgeAfter(after);
            case "size-threshold" -> sizeThreshold(values);
            default -> custom(name);
        };
    }

    private static CompressionPolicy sizeThreshold(Map<TableOption, Object> values) {
        if (values.get(TableOption.COMPRESSION_THRESHOLD_BYTES) instanceof Long bytes && bytes >= 0) {
            return new CompressionPolicy.SizeThreshold(bytes);
        }
        throw new ConfigException("Invalid value 'size-threshold' for 'compression.policy': it needs"
                + " 'compression.threshold.bytes'; set it, for example to 16MiB.");
    }

    private static CompressionPolicy custom(String name) {
        if (name.startsWith(CUSTOM_PREFIX)) {
            return CompressionPolicy.custom(name.substring(CUSTOM_PREFIX.length()));
        }
        if (!CLASS_NAME.matcher(name).matches()) {
            throw TableOption.COMPRESSION_POLICY.invalid(
                    name,
                    "use never, immediate, idle-after, age-after, size-threshold or the full name of a class that"
                            + " implements " + SegmentRule.class.getName());
        }
        return CompressionPolicy.custom(name);
    }

    static void toOptions(CompressionPolicy policy, Map<TableOption, Object> values) {
        boolean prefixed = policy instanceof CompressionPolicy.Custom
                && !CLASS_NAME.matcher(policy.name()).matches();
        values.put(TableOption.COMPRESSION_POLICY, prefixed ? CUSTOM_PREFIX + policy.name() : policy.name());
        if (policy instanceof CompressionPolicy.IdleAfter idle) {
            values.put(TableOption.COMPRESSION_AFTER, idle.idle());
            values.put(TableOption.COMPRESSION_TRACK_READS, idle.trackReads());
        } else if (policy instanceof CompressionPolicy.AgeAfter age) {
            values.put(TableOption.COMPRESSION_AFTER, age.age());
        } else if (policy instanceof CompressionPolicy.SizeThreshold size) {
            values.put(TableOption.COMPRESSION_THRESHOLD_BYTES, size.thresholdBytes());
        }
    }
}
