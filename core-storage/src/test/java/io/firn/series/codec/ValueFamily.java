package io.firn.series.codec;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Kinds of values that series have in practice, and kinds that break codecs. Thread-safe. */
public enum ValueFamily {
    /** Temperatures and the like: a smooth walk with two decimals. */
    GAUGE_TWO_DECIMALS {
        @Override
        void fill(RandomGenerator random, double[] values) {
            double level = 20;
            for (int i = 0; i < values.length; i++) {
                level += random.nextGaussian() * 0.05;
                values[i] = Math.round(level * 100) / 100.0;
            }
        }
    },
    /** A device that multiplies its integer by 0.01, which is not the nearest double. */
    GAUGE_PRODUCT {
        @Override
        void fill(RandomGenerator random, double[] values) {
            long level = 2_000;
            for (int i = 0; i < values.length; i++) {
                level += random.nextInt(-7, 8);
                values[i] = level * 0.01;
            }
        }
    },
    /** Utilization in whole percent. */
    INTEGER_WALK {
        @Override
        void fill(RandomGenerator random, double[] values) {
            double level = 50;
            for (int i = 0; i < values.length; i++) {
                level = Math.max(0, Math.min(100, level + Math.round(random.nextGaussian())));
                values[i] = level;
            }
        }
    },
    /** Requests so far, and a restart now and then. */
    COUNTER {
        @Override
        void fill(RandomGenerator random, double[] values) {
            long total = 0;
            for (int i = 0; i < values.length; i++) {
                total = random.nextInt(500) == 0 ? 0 : total + Math.round(random.nextExponential() * 50);
                values[i] = total;
            }
        }
    },
    /** Nothing happens. */
    CONSTANT {
        @Override
        void fill(RandomGenerator random, double[] values) {
            Arrays.fill(values, 3.25);
        }
    },
    /** A handful of values in any order. */
    FEW_DISTINCT {
        @Override
        void fill(RandomGenerator random, double[] values) {
            for (int i = 0; i < values.length; i++) {
                values[i] = Math.sqrt(2 + random.nextInt(7));
            }
        }
    },
    /** A state that lasts. */
    RUNS {
        @Override
        void fill(RandomGenerator random, double[] values) {
            double state = Math.PI;
            for (int i = 0; i < values.length; i++) {
                state = random.nextInt(40) == 0 ? random.nextDouble() : state;
                values[i] = state;
            }
        }
    },
    /** Positions and other measurements with all their digits. */
    RANDOM_DOUBLES {
        @Override
        void fill(RandomGenerator random, double[] values) {
            for (int i = 0; i < values.length; i++) {
                values[i] = random.nextDouble() * 180 - 90;
            }
        }
    },
    /** A straight line in all its digits, too small for decimals: equal differences of the bit patterns. */
    RAMP {
        @Override
        void fill(RandomGenerator random, double[] values) {
            long pattern = Double.doubleToRawLongBits(1e-40 * (1 + random.nextDouble() / 2));
            for (int i = 0; i < values.length; i++) {
                values[i] = Double.longBitsToDouble(pattern + 0x1234_5678_9ABL * i);
            }
        }
    },
    /** Any 64 bits: NaN with every payload, infinities, denormals. */
    RANDOM_BITS {
        @Override
        void fill(RandomGenerator random, double[] values) {
            for (int i = 0; i < values.length; i++) {
                long bits = random.nextLong();
                values[i] = Double.longBitsToDouble(random.nextInt(3) == 0 ? bits | 0x7FF0_0000_0000_0000L : bits);
            }
        }
    },
    /** Doubles that came from floats, some of them special. */
    FLOATS {
        @Override
        void fill(RandomGenerator random, double[] values) {
            float level = 100;
            for (int i = 0; i < values.length; i++) {
                level += (float) random.nextGaussian();
                boolean special = random.nextInt(100) == 0;
                values[i] = special ? specialFloat(random) : level / 3;
            }
        }
    },
    /** Decimals with a hole here and there. */
    SPARSE_EXCEPTIONS {
        @Override
        void fill(RandomGenerator random, double[] values) {
            GAUGE_TWO_DECIMALS.fill(random, values);
            for (int i = 0; i < values.length; i++) {
                values[i] = random.nextInt(40) == 0 ? Double.NaN : values[i];
                values[i] = random.nextInt(60) == 0 ? random.nextDouble() : values[i];
            }
        }
    },
    /** The smallest numbers and both zeros. */
    DENORMALS {
        @Override
        void fill(RandomGenerator random, double[] values) {
            for (int i = 0; i < values.length; i++) {
                long bits = random.nextLong() & (random.nextBoolean() ? 0x800F_FFFF_FFFF_FFFFL : Long.MIN_VALUE);
                values[i] = Double.longBitsToDouble(bits);
            }
        }
    },
    /** Everything that compares oddly. */
    SPECIALS {
        @Override
        void fill(RandomGenerator random, double[] values) {
            double[] specials = {
                0.0,
                -0.0,
                Double.NaN,
                Double.POSITIVE_INFINITY,
                Double.NEGATIVE_INFINITY,
                Double.MIN_VALUE,
                Double.MAX_VALUE,
                -Double.MAX_VALUE,
                Double.MIN_NORMAL,
                1e18,
                -1e18,
                0x1p53,
                Double.longBitsToDouble(0x7FF0_0000_0000_0001L),
                Double.longBitsToDouble(-1L),
                0.1,
                1e300
            };
            for (int i = 0; i < values.length; i++) {
                values[i] = specials[random.nextInt(specials.length)];
            }
        }
    };

    /** Values of this kind. */
    public double[] values(RandomGenerator random, int count) {
        double[] values = new double[count];
        fill(random, values);
        return values;
    }

    abstract void fill(RandomGenerator random, double[] values);

    private static double specialFloat(RandomGenerator random) {
        return switch (random.nextInt(4)) {
            case 0 -> -0.0;
            case 1 -> Double.NEGATIVE_INFINITY;
            case 2 -> Float.MIN_VALUE;
            default -> Double.longBitsToDouble(0x7FF0_0000_2000_0000L);
        };
    }
}
