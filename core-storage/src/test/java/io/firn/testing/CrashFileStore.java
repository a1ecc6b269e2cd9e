package io.firn.testing;

import io.firn.error.ClosedException;
import io.firn.error.StorageIoException;
import io.firn.fs.IoMode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * A machine that can lose power: what programs see (the live image) against what is known to be on disk (the durable
 * image).
 *
 * <p>A force of a file makes its content and size durable, a force of a region exactly the 4 KiB pages it touches (not
 * the size), a force of a directory its entries. {@link #crash} gives a store that holds what a power loss may leave;
 * this one is down from then on: every operation, also one that is running, fails with {@link ClosedException}, so a
 * zombie cannot go on. Thread-safe.
 */
public final class CrashFileStore extends ForwardingFileStore {
    private static final double WRITE_BACK_SHARE = 0.3;

    private final MemoryTree tree;
    private final DurableImage durable;
    private final int arenaBytes;
    private final InstantSource clock;
    private final List<StoreCall> mutations = new ArrayList<>();
    private final List<Predicate<StoreCall>> failingForces = new ArrayList<>();
    private long crashAt = Long.MAX_VALUE;
    private volatile boolean down;
    private volatile boolean channelMode;

    /** Creates an empty machine with small arenas (see {@link InMemoryFileStore}) on the system's clock. */
    public CrashFileStore() {
        this(InMemoryFileStore.DEFAULT_ARENA_BYTES, InstantSource.system());
    }

    /** Creates an empty machine; parameters as in {@link InMemoryFileStore}. */
    public CrashFileStore(int arenaBytes, InstantSource clock) {
        this(new MemoryNode.Directory(), new DurableImage(), arenaBytes, clock);
    }

    private CrashFileStore(MemoryNode.Directory root, DurableImage durable, int arenaBytes, InstantSource clock) {
        this(new InMemoryFileStore(root, durable, arenaBytes, clock), durable, arenaBytes, clock);
    }

    private CrashFileStore(InMemoryFileStore live, DurableImage durable, int arenaBytes, InstantSource clock) {
        super(live);
        this.tree = live.tree();
        this.durable = durable;
        this.arenaBytes = arenaBytes;
        this.clock = clock;
        durable.forceAll(tree.root());
    }

    /**
     * Creates an empty machine whose files, also after a crash, are mapped for writing or written by position ({@link
     * IoMode}).
     */
    public static CrashFileStore inAnyMode(RandomGenerator random) {
        CrashFileStore machine = new CrashFileStore();
        machine.channelMode = random.nextBoolean();
        return machine;
    }

    /** The power fails. Returns the machine after its restart, this one is down. */
    public CrashFileStore crash(RandomGenerator random) {
        down = true;
        MemoryNode.Directory survivors;
        synchronized (tree) {
            survivors = new PowerLoss(durable, random, arenaBytes, clock.millis()).survivor(tree.root());
        }
        CrashFileStore restarted = new CrashFileStore(survivors, new DurableImage(), arenaBytes, clock);
        restarted.channelMode = channelMode;
        return restarted;
    }

    @Override
    public IoMode modeFor(Path existing) {
        return channelMode ? IoMode.CHANNEL : super.modeFor(existing);
    }

    /**
     * Lets the power fail in the n-th mutating operation from now, before it has any effect: it throws {@link
     * SimulatedCrash}, later ones {@link ClosedException}. Call {@link #crash} then.
     *
     * @param operations 1 for the next operation
     */
    public synchronized void crashAt(long operations) {
        crashAt = mutations.size() + operations;
    }

    /** Mutating operations so far, oldest first, with the ones that failed. */
    public synchronized List<StoreCall> mutations() {
        return List.copyOf(mutations);
    }

    /** Number of mutating operations so far. */
    public synchronized long mutationCount() {
        return mutations.size();
    }

    /** Whether the power has failed. */
    public boolean isDown() {
        return down;
    }

    /**
     * Fails the next matching force with {@link StorageIoException} the way kernels do: the pages are not durable but
     * count as clean, so a later force of the same file succeeds and writes none of them.
     */
    public synchronized void failNextForce(Predicate<StoreCall> calls) {
        failingForces.add(calls);
    }

    /** Some of the changes reach the disk without a force, as they may at any time. */
    public void writeBack(RandomGenerator random) {
        requireUp();
        synchronized (tree) {
            writeBack(tree.root(), random);
        }
    }

    private void writeBack(MemoryNode.Directory directory, RandomGenerator random) {
        if (random.nextDouble() < WRITE_BACK_SHARE) {
            durable.forceEntries(directory);
        }
        for (MemoryNode node : directory.entries.values()) {
            if (node instanceof MemoryNode.Directory child) {
                writeBack(child, random);
            } else if (node instanceof MemoryNode.File file) {
                writeBack(file.content(), random);
            }
        }
    }

    private void writeBack(MemoryFile file, RandomGenerator random) {
        if (random.nextDouble() < WRITE_BACK_SHARE) {
            durable.force(file);
            return;
        }
        for (int from = 0; from < durable.content(file).length; from += DurableImage.PAGE_BYTES) {
            if (random.nextDouble() < WRITE_BACK_SHARE) {
                durable.writeBackPage(file, from);
            }
        }
    }

    @Override
    protected void before(StoreCall call) {
        requireUp();
        if (call.operation().isMutating()) {
            count(call);
        }
    }

    @Override
    protected void after(StoreCall call) {
        requireUp();
    }

    private synchronized void count(StoreCall call) {
        mutations.add(call);
        if (mutations.size() >= crashAt) {
            down = true;
            throw new SimulatedCrash("power failed before operation " + mutations.size() + ": " + call);
        }
        boolean force = call.operation() == StoreOperation.FORCE || call.operation() == StoreOperation.FORCE_REGION;
        if (force && failingForces.removeIf(calls -> calls.test(call))) {
            forgetDirtyPages(call.path());
            throw new StorageIoException("force", call.path(), new IOException("Input/output error (simulated)"));
        }
    }

    private void forgetDirtyPages(Path path) {
        synchronized (tree) {
            tree.find(path)
                    .filter(MemoryNode.File.class::isInstance)
                    .map(node -> ((MemoryNode.File) node).content())
                    .ifPresent(durable::forgetDirtyPages);
        }
    }

    private void requireUp() {
        if (down) {
            throw new ClosedException("The machine is down: power failed");
        }
    }
}
