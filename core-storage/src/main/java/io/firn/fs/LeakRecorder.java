package io.firn.fs;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Notes where buffers were taken that are not back yet. Thread-safe. */
final class LeakRecorder {
    private final Map<PooledBuffer, Throwable> places = new ConcurrentHashMap<>();

    void taken(PooledBuffer buffer) {
        places.put(buffer, new Throwable("a buffer of " + buffer.memoryBytes() + " bytes was taken here"));
    }

    void givenBack(PooledBuffer buffer) {
        places.remove(buffer);
    }

    List<Throwable> places() {
        return List.copyOf(places.values());
    }
}
