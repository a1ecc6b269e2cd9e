package io.firn.ipc.legacy;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once in a process, for each old API, what to use instead. Thread-safe. */
final class DeprecationNotice {
    private static final Logger LOG = LoggerFactory.getLogger(DeprecationNotice.class);
    private static final Set<String> GIVEN = ConcurrentHashMap.newKeySet();

    private DeprecationNotice() {}

    static void give(String api, String replacement) {
        if (GIVEN.add(api)) {
            LOG.warn(
                    "deprecated API, removed one release after 0.1.0: api={} use={} see=docs/MIGRATION_GUIDE.md",
                    api,
                    replacement);
        }
    }
}
