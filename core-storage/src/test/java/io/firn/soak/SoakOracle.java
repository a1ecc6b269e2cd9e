package io.firn.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What the processes know of each other, outside of the engine: small files in a directory beside the table. Each file
 * has one writer; a killed process leaves the old or the new number. Thread-safe.
 */
final class SoakOracle {
    private static final String ACKNOWLEDGED = "acknowledged-";
    private static final String SEEN = "seen-";
    private static final String CUTOFF = "cutoff-";
    private static final String REMOVED = "removed-";

    private final Path directory;

    SoakOracle(Path directory) {
        this.directory = directory;
    }

    /** All records of a writer below a sequence were acknowledged by a commit. */
    void acknowledge(String lane, long sequence) {
        putNumber(ACKNOWLEDGED + lane, sequence);
    }

    long acknowledged(String lane) {
        return number(ACKNOWLEDGED + lane);
    }

    /** A reader that reads what is committed has passed all records below a sequence. */
    void seen(String lane, long sequence) {
        putNumber(SEEN + lane, sequence);
    }

    long seen(String lane) {
        return number(SEEN + lane);
    }

    /** Said before records that are older may vanish. */
    void beginExpiry(String maintainer, long cutoffMs) {
        putNumber(CUTOFF + maintainer, cutoffMs);
    }

    /** Only older records may be missing. */
    long cutoffMs() {
        return files(CUTOFF).stream().mapToLong(this::number).max().orElse(0);
    }

    /** Said after partitions have gone for ever. */
    void removed(String maintainer, Collection<String> partitions) {
        StringBuilder lines = new StringBuilder();
        partitions.forEach(partition -> lines.append(partition).append('\n'));
        try {
            Files.writeString(
                    directory.resolve(REMOVED + maintainer),
                    lines,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Partitions of which no record may be in any plan that is made from now on. */
    Set<String> removed() {
        Set<String> partitions = new TreeSet<>();
        for (String name : files(REMOVED)) {
            String text = new String(bytes(name), StandardCharsets.UTF_8);
            text.substring(0, text.lastIndexOf('\n') + 1).lines().forEach(partitions::add);
        }
        return partitions;
    }

    /** Asks processes of a role to end. */
    void stop(String role) {
        putNumber("stop-" + role, 1);
    }

    boolean isStopped(String role) {
        return Files.exists(directory.resolve("stop-" + role));
    }

    private void putNumber(String name, long value) {
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).putLong(0, value);
        try (FileChannel file =
                FileChannel.open(directory.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.write(bytes, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long number(String name) {
        byte[] bytes = bytes(name);
        return bytes.length < Long.BYTES ? 0 : ByteBuffer.wrap(bytes).getLong();
    }

    private byte[] bytes(String name) {
        Path file = directory.resolve(name);
        try {
            return Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> files(String prefix) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.startsWith(prefix))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
