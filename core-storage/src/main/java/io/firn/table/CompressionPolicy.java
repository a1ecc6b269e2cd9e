package io.firn.table;

import io.firn.error.ConfigException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * When a sealed segment is compressed: options {@code compression.policy}, {@code compression.after}, {@code
 * compression.threshold.bytes} and {@code compression.track.reads}.
 *
 * <p>A segment that is not sealed or not hot is never due. Immutable; thread-safe.
 */
public sealed interface CompressionPolicy {
    /** Whether a segment is to be compressed now. */
    boolean isDue(SegmentInfo segment, Instant now);

    /** The value of {@code compression.policy}. */
    String name();

    /** A policy of the user's own that can be used in this process only under its name. */
    static CompressionPolicy custom(String name, SegmentRule rule) {
        return new Custom(name, rule);
    }

    /** A policy that is loaded by the name of a class with a public constructor without parameters. */
    static CompressionPolicy custom(String className) {
        return new Custom(className, null);
    }

    private static boolean isCandidate(SegmentInfo segment) {
        return segment.sealed() && segment.tier() != SegmentTier.COLD;
    }

    private static void requireNotNegative(Duration duration, String policy) {
        if (duration.isNegative()) {
            throw new ConfigException("Invalid duration " + duration + " for the compression policy " + policy
                    + "; use zero or more, for example 7d.");
        }
    }

    /** Nothing is compressed unless on command. */
    record Never() implements CompressionPolicy {
        @Override
        public boolean isDue(SegmentInfo segment, Instant now) {
            return false;
        }

        @Override
        public String name() {
            return "never";
        }
    }

    /**
     * Compressed when nobody has used it for some time.
     *
     * @param idle how long, at least this much
     * @param trackReads whether reading counts as use; when not, or when it was never read, the last write counts
     */
    record IdleAfter(Duration idle, boolean trackReads) implements CompressionPolicy {
        /** Validates the duration. */
        public IdleAfter {
            requireNotNegative(idle, "idle-after");
        }

        @Override
        public boolean isDue(SegmentInfo segment, Instant now) {
            Instant last = trackReads ? segment.lastUseAt() : segment.lastWriteAt();
            return isCandidate(segment) && Duration.between(last, now).compareTo(idle) >= 0;
        }

        @Override
        public String name() {
            return "idle-after";
        }
    }

    /**
     * Compressed some time after its last record was written, however often it is read.
     *
     * @param age how long, at least this much
     */
    record AgeAfter(Duration age) implements CompressionPolicy {
        /** Validates the duration. */
        public AgeAfter {
            requireNotNegative(age, "age-after");
        }

        @Override
        public boolean isDue(SegmentInfo segment, Instant now) {
            return isCandidate(segment)
                    && Duration.between(segment.lastWriteAt(), now).compareTo(age) >= 0;
        }

        @Override
        public String name() {
            return "age-after";
        }
    }

    /** Compressed as soon as it is sealed. */
    record Immediate() implements CompressionPolicy {
        @Override
        public boolean isDue(SegmentInfo segment, Instant now) {
            return isCandidate(segment);
        }

        @Override
        public String name() {
            return "immediate";
        }
    }

    /**
     * Compressed when it holds more than some bytes; reserved space does not count.
     *
     * @param thresholdBytes more than this much
     */
    record SizeThreshold(long thresholdBytes) implements CompressionPolicy {
        /** Validates the threshold. */
        public SizeThreshold {
            if (thresholdBytes < 0) {
                throw new ConfigException("Invalid value " + thresholdBytes
                        + " for 'compression.threshold.bytes'; use zero or more, for example 16MiB.");
            }
        }

        @Override
        public boolean isDue(SegmentInfo segment, Instant now) {
            return isCandidate(segment) && segment.usedBytes() > thresholdBytes;
        }

        @Override
        public String name() {
            return "size-threshold";
        }
    }

    /** A rule of the user's own; only its name is stored with the table. */
    final class Custom implements CompressionPolicy {
        private final String name;
        private volatile @Nullable SegmentRule rule;

        private Custom(String name, @Nullable SegmentRule rule) {
            if (name.isBlank()) {
                throw new ConfigException("The name of a compression policy of your own is empty; give a class name.");
            }
            this.name = name;
            this.rule = rule;
        }

        /** {@inheritDoc} A class that cannot be loaded, or a rule that throws, is a {@link ConfigException}. */
        @Override
        public boolean isDue(SegmentInfo segment, Instant now) {
            return isCandidate(segment) && ask(rule(), segment, now);
        }

        private boolean ask(SegmentRule known, SegmentInfo segment, Instant now) {
            try {
                return known.isDue(segment, now);
            } catch (RuntimeException failed) {
                throw new ConfigException(
                        "The compression policy '" + name + "' failed for " + segment.path() + ": " + failed
                                + ". The segment stays as it is; correct the policy.",
                        failed);
            }
        }

        /**
         * Loads the class now, so that a missing one is said once and not for every segment.
         *
         * @throws ConfigException when it cannot be loaded
         */
        public void requireLoadable() {
            rule();
        }

        private SegmentRule rule() {
            SegmentRule known = rule;
            if (known == null) {
                known = load();
                rule = known;
            }
            return known;
        }

        private SegmentRule load() {
            ClassLoader context = Thread.currentThread().getContextClassLoader();
            ClassLoader loader = context == null ? CompressionPolicy.class.getClassLoader() : context;
            try {
                return Class.forName(name, true, loader)
                        .asSubclass(SegmentRule.class)
                        .getConstructor()
                        .newInstance();
            } catch (ReflectiveOperationException | ClassCastException | LinkageError notLoadable) {
                throw new ConfigException(
                        "Cannot load the compression policy '" + name + "': " + notLoadable
                                + ". Put a public class of this name that implements " + SegmentRule.class.getName()
                                + " on the class path, or give the policy to the table's configuration.",
                        notLoadable);
            }
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Custom that && name.equals(that.name);
        }

        @Override
        public int hashCode() {
            return Objects.hash(name);
        }

        @Override
        public String toString() {
            return "Custom[" + name + "]";
        }
    }
}
