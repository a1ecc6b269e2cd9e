package io.firn.table;

import io.firn.cache.BlockKey;
import io.firn.cache.BlockSource;
import io.firn.cache.CacheHierarchy;
import io.firn.error.FirnException;
import io.firn.log.SegmentEntry;
import io.firn.log.TableLayout;
import io.firn.segment.Segment;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads the blocks of a table that were in a cache's memory when the last run ended. Confined to one thread. */
final class CacheWarming implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CacheWarming.class);
    private static final int MAX_OPEN = 16;

    private final Table table;
    private final Set<String> coldFiles;
    /** Open files by path, the one that was used longest ago in front; those that cannot be opened are empty. */
    private final Map<String, Optional<Segment>> open = new LinkedHashMap<>(MAX_OPEN, 0.75f, true);

    private CacheWarming(Table table) {
        TableLayout layout = table.layout();
        this.table = table;
        this.coldFiles = table.plan().catalog().state().segments().stream()
                .filter(SegmentEntry::cold)
                .map(entry -> layout.resolve(entry.path()).toString())
                .collect(Collectors.toSet());
    }

    /** Warms; a file that went or is damaged meanwhile is left out. */
    static int warm(Table table) {
        CacheHierarchy cache = table.segmentAccess().cache();
        if (cache.lastHotKeys().isEmpty()) {
            return 0;
        }
        try (CacheWarming warming = new CacheWarming(table)) {
            return cache.warm(warming::source);
        }
    }

    private @Nullable BlockSource source(BlockKey key) {
        if (!coldFiles.contains(key.path())) {
            return null;
        }
        return segment(key.path()).flatMap(segment -> segment.blockSource(key)).orElse(null);
    }

    private Optional<Segment> segment(String path) {
        Optional<Segment> known = open.get(path);
        if (known != null) {
            return known;
        }
        if (open.size() == MAX_OPEN) {
            Iterator<Optional<Segment>> oldest = open.values().iterator();
            oldest.next().ifPresent(Segment::close);
            oldest.remove();
        }
        Optional<Segment> opened = tryOpen(Path.of(path));
        open.put(path, opened);
        return opened;
    }

    private Optional<Segment> tryOpen(Path path) {
        try {
            return Optional.of(Segment.open(table.layout().store(), path, table.segmentAccess()));
        } catch (FirnException failed) {
            LOG.debug("blocks of a file are not loaded path={}", path, failed);
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        open.values().forEach(segment -> segment.ifPresent(Segment::close));
        open.clear();
    }
}
