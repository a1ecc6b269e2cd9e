package io.firn.fs;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the memory of a direct or mapped buffer back at once instead of at some garbage collection.
 *
 * <p>Uses {@code sun.misc.Unsafe.invokeCleaner}, the only way on Java 17; it is found reflectively because a class that
 * names it does not compile without warnings. Where it is missing or refused the garbage collector does the work.
 * Thread-safe.
 */
final class Unmapper {
    private static final Logger LOG = LoggerFactory.getLogger(Unmapper.class);
    private static final Optional<MethodHandle> CLEANER = findCleaner();

    private Unmapper() {}

    /** Whether {@link #release} frees memory at once. */
    static boolean isDeterministic() {
        return CLEANER.isPresent();
    }

    /**
     * Frees the memory of a buffer; any later access to it, or to a view of it, may crash the process.
     *
     * @param original the buffer as it was allocated or mapped, no duplicate and no slice
     */
    static void release(ByteBuffer original) {
        if (CLEANER.isEmpty()) {
            return;
        }
        try {
            CLEANER.get().invokeExact(original);
        } catch (UnsupportedOperationException e) {
            LOG.debug("memory is left to the garbage collector: this JVM refuses sun.misc.Unsafe", e);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("Cannot release a buffer of " + original.capacity() + " bytes", e);
        }
    }

    private static Optional<MethodHandle> findCleaner() {
        try {
            Class<?> unsafeClass = Class.forName("sun.misc.Unsafe");
            Field field = unsafeClass.getDeclaredField("theUnsafe");
            field.setAccessible(true);
            MethodType type = MethodType.methodType(void.class, ByteBuffer.class);
            return Optional.of(MethodHandles.lookup()
                    .findVirtual(unsafeClass, "invokeCleaner", type)
                    .bindTo(field.get(null)));
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.info("sun.misc.Unsafe is not available; mappings are released by the garbage collector");
            LOG.debug("reason", e);
            return Optional.empty();
        }
    }
}
