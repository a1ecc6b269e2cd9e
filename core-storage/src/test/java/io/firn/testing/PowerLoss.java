package io.firn.testing;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Decides what is left of a tree after a power loss.
 *
 * <p>Every unforced page is lost, kept or torn (some of its first sectors new, the rest old); an unforced size is the
 * old one, the new one or between; every unforced entry is lost or kept; the two entries of a rename go together as long
 * as neither directory was forced, or the new name appears while the old one stays. One use, one thread.
 */
final class PowerLoss {
    private static final int PAGE_BYTES = DurableImage.PAGE_BYTES;
    private static final int SECTOR_BYTES = 512;

    /** How lucky a file or a directory is: whole outcomes are as likely as mixed ones. */
    private enum Luck {
        NOTHING_KEPT,
        ALL_KEPT,
        MIXED,
        MIXED_TOO
    }

    private enum Outcome {
        LOST,
        KEPT,
        BOTH_NAMES
    }

    private final DurableImage durable;
    private final RandomGenerator random;
    private final int arenaBytes;
    private final long nowMs;
    private final Luck entryLuck;
    private final Map<Object, Outcome> outcomes = new HashMap<>();
    private final Map<MemoryNode.Directory, MemoryNode.Directory> directories = new HashMap<>();
    private final Map<MemoryFile, MemoryNode.File> files = new HashMap<>();

    PowerLoss(DurableImage durable, RandomGenerator random, int arenaBytes, long nowMs) {
        this.durable = durable;
        this.random = random;
        this.arenaBytes = arenaBytes;
        this.nowMs = nowMs;
        this.entryLuck = pickLuck();
    }

    /** The surviving copy of a directory and everything below it. */
    MemoryNode.Directory survivor(MemoryNode.Directory directory) {
        MemoryNode.Directory known = directories.get(directory);
        if (known != null) {
            return known;
        }
        MemoryNode.Directory copy = new MemoryNode.Directory();
        directories.put(directory, copy);
        Map<String, MemoryNode> old = durable.entries(directory);
        TreeSet<String> names = new TreeSet<>(old.keySet());
        names.addAll(directory.entries.keySet());
        for (String name : names) {
            MemoryNode before = old.get(name);
            MemoryNode now = directory.entries.get(name);
            boolean same = before == now;
            MemoryNode chosen = same || keepsChange(durable.rename(directory, name), before, now) ? now : before;
            if (chosen != null) {
                copy.entries.put(name, copy(chosen));
            }
        }
        return copy;
    }

    private boolean keepsChange(Object change, @Nullable MemoryNode before, @Nullable MemoryNode now) {
        Outcome outcome = outcomes.computeIfAbsent(change, ignored -> pickOutcome());
        if (outcome == Outcome.BOTH_NAMES) {
            return now != null || before instanceof MemoryNode.Directory;
        }
        return outcome == Outcome.KEPT;
    }

    private Outcome pickOutcome() {
        return switch (entryLuck) {
            case NOTHING_KEPT -> Outcome.LOST;
            case ALL_KEPT -> Outcome.KEPT;
            default -> Outcome.values()[random.nextInt(Outcome.values().length)];
        };
    }

    private MemoryNode copy(MemoryNode node) {
        if (node instanceof MemoryNode.Directory directory) {
            return survivor(directory);
        }
        MemoryFile file = ((MemoryNode.File) node).content();
        return files.computeIfAbsent(
                file, live -> new MemoryNode.File(MemoryFile.of(content(live), arenaBytes, nowMs)));
    }

    private byte[] content(MemoryFile file) {
        byte[] live = file.bytes();
        byte[] old = durable.content(file);
        Luck luck = pickLuck();
        byte[] result = Arrays.copyOf(old, pickSize(old.length, live.length, luck));
        for (int from = 0; from < Math.min(result.length, live.length); from += PAGE_BYTES) {
            int to = Math.min(from + PAGE_BYTES, Math.min(result.length, live.length));
            if (!Arrays.equals(live, from, to, result, from, to)) {
                System.arraycopy(live, from, result, from, pickKeptBytes(to - from, luck));
            }
        }
        return result;
    }

    private int pickSize(int oldSize, int newSize, Luck luck) {
        return switch (luck) {
            case NOTHING_KEPT -> oldSize;
            case ALL_KEPT -> newSize;
            default -> {
                int low = Math.min(oldSize, newSize);
                int page = (low + random.nextInt(Math.abs(newSize - oldSize) + 1)) / PAGE_BYTES * PAGE_BYTES;
                int[] choices = {oldSize, newSize, Math.max(low, page)};
                yield choices[random.nextInt(choices.length)];
            }
        };
    }

    private int pickKeptBytes(int pageBytes, Luck luck) {
        return switch (luck) {
            case NOTHING_KEPT -> 0;
            case ALL_KEPT -> pageBytes;
            default ->
                switch (random.nextInt(3)) {
                    case 0 -> 0;
                    case 1 -> pageBytes;
                    default -> Math.min(pageBytes, SECTOR_BYTES * (1 + random.nextInt(PAGE_BYTES / SECTOR_BYTES - 1)));
                };
        };
    }

    private Luck pickLuck() {
        return Luck.values()[random.nextInt(Luck.values().length)];
    }
}
