package io.firn.topic;

import io.firn.error.CorruptDataException;
import io.firn.error.FirnException;
import io.firn.error.FormatVersionException;
import io.firn.fs.FileStore;
import io.firn.fs.SmallFiles;
import io.firn.log.LaneName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a table knows of the topics that it holds: {@code _table/topics/<topic>.json}, the newest capture of each, and
 * {@code <topic>.groups}, where consumer groups stand.
 *
 * <p>Nothing that is archived depends on it: a capture may be newer or older than the records. Of several processes
 * that capture one topic at once the last one counts. Thread-safe.
 */
public final class TableTopics {
    private static final Logger LOG = LoggerFactory.getLogger(TableTopics.class);
    private static final String SUFFIX = ".json";
    private static final String GROUPS = ".groups";

    private final SmallFiles files;
    private final GroupFiles groups;
    /** What this object knows to be durable, by name. */
    private final Map<String, CapturedTopic> durable = new ConcurrentHashMap<>();

    /**
     * Opens nothing yet.
     *
     * @param directory {@code _table/topics} of the table, which is made when it is needed
     */
    public TableTopics(FileStore store, Path directory) {
        this.files = new SmallFiles(store, directory);
        this.groups = new GroupFiles(files);
    }

    /**
     * Keeps how a topic is configured, in the place of what was known of it; durable on return. What is kept already
     * stays with the time at which it was first seen, and costs no write.
     *
     * @return whether it differs from what was kept
     * @throws FormatVersionException when a newer version of the software has kept it
     * @throws io.firn.error.StorageFullException when there is no space
     */
    public boolean keep(CapturedTopic topic) {
        String name = fileName(topic.topic());
        Optional<CapturedTopic> kept = findSound(name);
        boolean same = kept.filter(topic::saysTheSameAs).isPresent();
        CapturedTopic wanted = same ? kept.orElse(topic) : topic;
        if (!same || !wanted.equals(durable.get(name))) {
            files.replace(name, CapturedTopicCodec.encode(wanted));
            durable.put(name, wanted);
        }
        return !same;
    }

    private Optional<CapturedTopic> findSound(String name) {
        try {
            return read(name);
        } catch (CorruptDataException damaged) {
            LOG.warn(
                    "captured topic is damaged, kept aside and captured anew: aside={}", files.setAside(name), damaged);
            return Optional.empty();
        }
    }

    /**
     * How a topic was configured; empty when it was never captured.
     *
     * @throws CorruptDataException when its file is damaged
     * @throws FormatVersionException when a newer version of the software has kept it
     */
    public Optional<CapturedTopic> find(String topic) {
        return read(fileName(topic));
    }

    /**
     * Keeps where consumer groups stand in a topic; durable on return. Groups and partitions that are not named stay
     * where they were kept: a topic that is deleted takes the offsets of its groups away.
     *
     * @return whether they differ from what was kept
     * @throws io.firn.error.StorageFullException when there is no space
     */
    public boolean keepOffsets(String topic, List<GroupOffset> offsets) {
        return groups.keep(LaneName.encode(topic) + GROUPS, offsets);
    }

    /**
     * Where consumer groups stood in a topic, by group and partition; nothing where that was not captured.
     *
     * @throws CorruptDataException when the file is damaged
     */
    public List<GroupOffset> offsets(String topic) {
        return groups.find(LaneName.encode(topic) + GROUPS).orElse(List.of());
    }

    /** Every captured topic, by the names of the files; errors as in {@link #find}. */
    public List<CapturedTopic> all() {
        return topicFiles().stream().flatMap(name -> read(name).stream()).toList();
    }

    /** Reads every file. Returns what is damaged. */
    public List<FirnException> damages() {
        List<FirnException> damages = new ArrayList<>();
        for (String name : files.names()) {
            try {
                check(name);
            } catch (CorruptDataException | FormatVersionException damaged) {
                damages.add(damaged);
            }
        }
        return damages;
    }

    /** Copies everything into another table; durable on return. Errors as in {@link #find} and {@link #keep}. */
    public void copyTo(TableTopics target) {
        files.names().forEach(this::check);
        for (String name : files.names()) {
            files.read(name).ifPresent(content -> target.files.replace(name, content));
        }
    }

    private void check(String name) {
        if (name.endsWith(SUFFIX)) {
            read(name);
        } else if (name.endsWith(GROUPS)) {
            groups.find(name);
        }
    }

    private List<String> topicFiles() {
        return files.names().stream().filter(name -> name.endsWith(SUFFIX)).toList();
    }

    private Optional<CapturedTopic> read(String name) {
        return files.read(name).map(content -> check(name, content));
    }

    private CapturedTopic check(String name, byte[] content) {
        try {
            CapturedTopic topic = CapturedTopicCodec.decode(content);
            if (!name.equals(fileName(topic.topic()))) {
                throw new IllegalArgumentException(
                        "expected the topic of this name, found that of " + fileName(topic.topic()));
            }
            return topic;
        } catch (FormatVersionException newer) {
            throw new FormatVersionException(files.path(name) + ": " + newer.getMessage(), newer);
        } catch (IllegalArgumentException damaged) {
            throw new CorruptDataException(files.path(name), 0, String.valueOf(damaged.getMessage()));
        }
    }

    private static String fileName(String topic) {
        return LaneName.encode(topic) + SUFFIX;
    }
}
