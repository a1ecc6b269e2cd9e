package io.firn.lifecycle;

import io.firn.fs.FileStore;
import io.firn.fs.StoreFile;
import io.firn.testing.ForwardingFileStore;
import io.firn.testing.StoreCall;
import io.firn.testing.StoreOperation;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** One of the rules of rewrites left out, as a file store that does not do what it is told. */
enum BrokenLifecycle {
    NO_OUTPUT_FORCE,
    NO_PARTITION_DIRECTORY_FORCE,
    NO_CATALOG_FORCE,
    UNLINK_BEFORE_CATALOG_FORCE;

    FileStore of(FileStore store) {
        return this == UNLINK_BEFORE_CATALOG_FORCE
                ? new LateCatalogForce(store)
                : new ForwardingFileStore(store) {
                    @Override
                    protected boolean ignores(StoreCall call) {
                        return leavesOut(call);
                    }
                };
    }

    private boolean leavesOut(StoreCall call) {
        String path = call.path().toString();
        return switch (this) {
            case NO_OUTPUT_FORCE ->
                path.contains("/_table/tmp/")
                        && (call.operation() == StoreOperation.FORCE
                                || call.operation() == StoreOperation.FORCE_REGION);
            case NO_PARTITION_DIRECTORY_FORCE ->
                call.operation() == StoreOperation.FORCE_DIRECTORY && path.contains("k=");
            case NO_CATALOG_FORCE -> isCatalogForce(call);
            case UNLINK_BEFORE_CATALOG_FORCE -> false;
        };
    }

    private static boolean isCatalogForce(StoreCall call) {
        return call.operation() == StoreOperation.FORCE
                && call.path().toString().contains("/_table/catalog/");
    }

    /** Forces the catalog's log only after the next unlinked segment is durably gone. */
    private static final class LateCatalogForce extends ForwardingFileStore {
        private final FileStore store;
        private @Nullable Path late;
        private boolean unlinked;

        LateCatalogForce(FileStore store) {
            super(store);
            this.store = store;
        }

        @Override
        protected boolean ignores(StoreCall call) {
            if (isCatalogForce(call)) {
                late = call.path();
                return true;
            }
            return false;
        }

        @Override
        protected void after(StoreCall call) {
            boolean segment = call.path().toString().endsWith(".q")
                    || call.path().toString().endsWith(".q.zst");
            if (call.operation() == StoreOperation.DELETE && segment) {
                unlinked = true;
            } else if (call.operation() == StoreOperation.FORCE_DIRECTORY && unlinked) {
                unlinked = false;
                forceLate();
            }
        }

        private void forceLate() {
            Path path = late;
            late = null;
            if (path != null && store.exists(path)) {
                try (StoreFile log = store.openRead(path)) {
                    log.force();
                }
            }
        }
    }
}
