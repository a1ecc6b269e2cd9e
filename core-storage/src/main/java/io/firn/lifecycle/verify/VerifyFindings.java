package io.firn.lifecycle.verify;

import io.firn.error.CorruptDataException;
import io.firn.error.FirnException;
import io.firn.error.StorageIoException;
import io.firn.log.TableLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Collects damages and notes, each once. Confined to one thread. */
final class VerifyFindings {
    private static final int MAX_NOTES = 10_000;

    private final TableLayout layout;
    private final List<VerifyReport.Damage> damages = new ArrayList<>();
    private final Set<String> damagedPaths = new HashSet<>();
    private final List<String> notes = new ArrayList<>();
    private int files;
    private long records;
    private long sizeBytes;

    VerifyFindings(TableLayout layout) {
        this.layout = layout;
    }

    void damage(Path path, long offset, String reason) {
        add(path, offset, reason, false);
    }

    private void add(Path path, long offset, String reason, boolean unreadable) {
        String name = path.startsWith(layout.root()) ? layout.relativize(path) : path.toString();
        damages.add(new VerifyReport.Damage(name, offset, reason, unreadable));
        damagedPaths.add(name);
    }

    /** A failure while a file was read; the exception may name another file. */
    void damage(Path path, FirnException failure) {
        if (failure instanceof CorruptDataException corrupt) {
            damage(Path.of(corrupt.path()), corrupt.offset(), corrupt.reason());
        } else {
            add(path, 0, String.valueOf(failure.getMessage()), failure instanceof StorageIoException);
        }
    }

    boolean isDamaged(String path) {
        return damagedPaths.contains(path);
    }

    boolean isSound() {
        return damages.isEmpty();
    }

    void note(String text) {
        if (notes.size() < MAX_NOTES) {
            notes.add(text);
        }
    }

    void read(long readRecords, long readBytes) {
        files++;
        records += readRecords;
        sizeBytes += readBytes;
    }

    VerifyReport toReport(int lanes) {
        return new VerifyReport(damages, notes, lanes, files, records, sizeBytes);
    }
}
