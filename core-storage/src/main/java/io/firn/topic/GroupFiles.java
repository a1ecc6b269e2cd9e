package io.firn.topic;

import io.firn.error.CorruptDataException;
import io.firn.fs.SmallFiles;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where consumer groups stand, a file for each topic. Thread-safe. */
final class GroupFiles {
    private static final Logger LOG = LoggerFactory.getLogger(GroupFiles.class);

    private final SmallFiles files;
    /** What this object knows to be durable, by name. */
    private final Map<String, List<GroupOffset>> durable = new ConcurrentHashMap<>();

    GroupFiles(SmallFiles files) {
        this.files = files;
    }

    boolean keep(String name, List<GroupOffset> offsets) {
        List<GroupOffset> kept = findSound(name);
        List<GroupOffset> wanted = merged(kept, offsets);
        boolean same = wanted.equals(kept);
        if (!wanted.equals(durable.getOrDefault(name, List.of())) || !same) {
            files.replace(name, GroupOffsetCodec.encode(wanted));
            durable.put(name, wanted);
        }
        return !same;
    }

    /** What is not among the new offsets stays: a topic that is deleted takes the offsets of its groups away. */
    private static List<GroupOffset> merged(List<GroupOffset> kept, List<GroupOffset> offsets) {
        return Stream.concat(
                        offsets.stream(),
                        kept.stream().filter(old -> offsets.stream().noneMatch(old::isOfSamePlace)))
                .sorted()
                .toList();
    }

    private List<GroupOffset> findSound(String name) {
        try {
            return find(name).orElse(List.of());
        } catch (CorruptDataException damaged) {
            LOG.warn(
                    "captured groups are damaged, kept aside and captured anew: aside={}",
                    files.setAside(name),
                    damaged);
            return List.of();
        }
    }

    Optional<List<GroupOffset>> find(String name) {
        return files.read(name).map(content -> {
            try {
                return GroupOffsetCodec.decode(content);
            } catch (IllegalArgumentException damaged) {
                throw new CorruptDataException(files.path(name), 0, String.valueOf(damaged.getMessage()));
            }
        });
    }
}
