package io.firn.series.codec;

import java.util.random.RandomGenerator;

/** Kinds of timestamps, in nanoseconds where a unit matters. Thread-safe. */
public enum TimestampFamily {
    /** Every 15 seconds exactly. */
    REGULAR {
        @Override
        void fill(RandomGenerator random, long[] timestamps) {
            for (int i = 0; i < timestamps.length; i++) {
                timestamps[i] = START_NS + i * STEP_NS;
            }
        }
    },
    /** Every 15 seconds, one in a hundred missed. */
    MISSED {
        @Override
        void fill(RandomGenerator random, long[] timestamps) {
            long at = START_NS;
            for (int i = 0; i < timestamps.length; i++) {
                at += random.nextInt(100) == 0 ? 2 * STEP_NS : STEP_NS;
                timestamps[i] = at;
            }
        }
    },
    /** Every 15 seconds, a millisecond early or late. */
    JITTER_MILLISECONDS {
        @Override
        void fill(RandomGenerator random, long[] timestamps) {
            for (int i = 0; i < timestamps.length; i++) {
                timestamps[i] = START_NS + i * STEP_NS + Math.round(random.nextGaussian()) * 1_000_000;
            }
        }
    },
    /** Events at random, to the nanosecond. */
    POISSON {
        @Override
        void fill(RandomGenerator random, long[] timestamps) {
            long at = START_NS;
            for (int i = 0; i < timestamps.length; i++) {
                at += Math.round(random.nextExponential() * 1e9);
                timestamps[i] = at;
            }
        }
    },
    /** Several samples of one moment. */
    DUPLICATES {
        @Override
        void fill(RandomGenerator random, long[] timestamps) {
            for (int i = 0; i < timestamps.length; i++) {
                timestamps[i] = START_NS + i / 3 * STEP_NS;
            }
        }
    },
    /** The newest first. */
    DESCENDING {
        @Override
        void fill(RandomGenerator random, long[] timestamps) {
            for (int i = 0; i < timestamps.length; i++) {
                timestamps[i] = START_NS - i * STEP_NS;
            }
        }
    },
    /** Mostly regular with a late sample now and then. */
    OUT_OF_ORDER {
        @Override
        void fill(RandomGenerator random, long[] timestamps) {
            for (int i = 0; i < timestamps.length; i++) {
                long late = random.nextInt(50) == 0 ? random.nextLong(100) : 0;
                timestamps[i] = START_NS + (i - late) * STEP_NS;
            }
        }
    },
    /** Any 64 bits. */
    RANDOM_BITS {
        @Override
        void fill(RandomGenerator random, long[] timestamps) {
            for (int i = 0; i < timestamps.length; i++) {
                timestamps[i] = random.nextLong();
            }
        }
    },
    /** Both ends of the range. */
    EXTREMES {
        @Override
        void fill(RandomGenerator random, long[] timestamps) {
            for (int i = 0; i < timestamps.length; i++) {
                timestamps[i] = (random.nextBoolean() ? Long.MIN_VALUE : Long.MAX_VALUE - 1) + random.nextInt(2);
            }
        }
    },
    /** As wide as strides can be. */
    WIDEST_STRIDE {
        @Override
        void fill(RandomGenerator random, long[] timestamps) {
            long stride = timestamps.length < 2 ? 0 : Long.divideUnsigned(-1L, timestamps.length - 1);
            for (int i = 0; i < timestamps.length; i++) {
                timestamps[i] = Long.MIN_VALUE + i * stride;
            }
        }
    };

    private static final long START_NS = 1_700_000_000_000_000_000L;
    private static final long STEP_NS = 15_000_000_000L;

    /** Timestamps of this kind. */
    public long[] timestamps(RandomGenerator random, int count) {
        long[] timestamps = new long[count];
        fill(random, timestamps);
        return timestamps;
    }

    abstract void fill(RandomGenerator random, long[] timestamps);
}
