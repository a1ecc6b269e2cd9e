package io.firn.series;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Changes bytes at random: single ones, cuts, and pieces that stand in the wrong place. Thread-safe: no state. */
public final class Mutation {
    private static final byte[] SPECIAL = {0, 1, 0x7F, (byte) 0x80, (byte) 0xFF, '"', '{', '-', '9'};

    private Mutation() {}

    /**
     * Changes something.
     *
     * @param from bytes in front that stay
     * @param other where pieces are taken from
     */
    public static byte[] of(RandomGenerator random, byte[] bytes, int from, byte[] other) {
        byte[] changed = bytes.clone();
        for (int i = random.nextInt(3); i >= 0; i--) {
            changed = once(random, changed, from, other);
        }
        return changed;
    }

    private static byte[] once(RandomGenerator random, byte[] bytes, int from, byte[] other) {
        int room = bytes.length - from;
        if (room <= 0) {
            return bytes;
        }
        int at = from + random.nextInt(room);
        byte[] changed = bytes.clone();
        switch (random.nextInt(6)) {
            case 0 -> changed[at] = (byte) random.nextInt();
            case 1 -> changed[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
            case 2 -> changed[at] = SPECIAL[random.nextInt(SPECIAL.length)];
            case 3 -> changed = Arrays.copyOf(changed, at);
            case 4 -> {
                int end = Math.min(bytes.length, at + 1 + random.nextInt(9));
                Arrays.fill(changed, at, end, SPECIAL[random.nextInt(SPECIAL.length)]);
            }
            default -> {
                int length = Math.min(Math.min(other.length, room), 1 + random.nextInt(40));
                int target = Math.min(at, bytes.length - length);
                int source = other.length == length ? 0 : random.nextInt(other.length - length);
                System.arraycopy(other, source, changed, target, length);
            }
        }
        return changed;
    }
}
