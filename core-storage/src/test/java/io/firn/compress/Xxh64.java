package io.firn.compress;

/** XXH64 with seed 0, written from its specification (xxHash fast digest algorithm, version 0.1.1). */
final class Xxh64 {
    private static final long P1 = 0x9E3779B185EBCA87L;
    private static final long P2 = 0xC2B2AE3D27D4EB4FL;
    private static final long P3 = 0x165667B19E3779F9L;
    private static final long P4 = 0x85EBCA77C2B2AE63L;
    private static final long P5 = 0x27D4EB2F165667C5L;

    private Xxh64() {}

    static long hash(byte[] input) {
        int at = 0;
        long acc = P5;
        if (input.length >= 32) {
            // the sum wraps around, as the algorithm means it to
            long[] lanes = {0x60EA27EEADC0B5D6L, P2, 0, -P1};
            for (; at + 32 <= input.length; at += 32) {
                for (int lane = 0; lane < 4; lane++) {
                    lanes[lane] = round(lanes[lane], little(input, at + lane * 8, 8));
                }
            }
            acc = Long.rotateLeft(lanes[0], 1)
                    + Long.rotateLeft(lanes[1], 7)
                    + Long.rotateLeft(lanes[2], 12)
                    + Long.rotateLeft(lanes[3], 18);
            for (long lane : lanes) {
                acc = (acc ^ round(0, lane)) * P1 + P4;
            }
        }
        return avalanche(rest(acc + input.length, input, at));
    }

    private static long rest(long start, byte[] input, int from) {
        long acc = start;
        int at = from;
        for (; at + 8 <= input.length; at += 8) {
            acc = Long.rotateLeft(acc ^ round(0, little(input, at, 8)), 27) * P1 + P4;
        }
        if (at + 4 <= input.length) {
            acc = Long.rotateLeft(acc ^ (little(input, at, 4) * P1), 23) * P2 + P3;
            at += 4;
        }
        for (; at < input.length; at++) {
            acc = Long.rotateLeft(acc ^ ((input[at] & 0xFF) * P5), 11) * P1;
        }
        return acc;
    }

    private static long avalanche(long value) {
        long acc = (value ^ (value >>> 33)) * P2;
        acc = (acc ^ (acc >>> 29)) * P3;
        return acc ^ (acc >>> 32);
    }

    private static long round(long acc, long lane) {
        return Long.rotateLeft(acc + lane * P2, 31) * P1;
    }

    private static long little(byte[] input, int at, int bytes) {
        long value = 0;
        for (int i = bytes - 1; i >= 0; i--) {
            value = (value << 8) | (input[at + i] & 0xFF);
        }
        return value;
    }
}
