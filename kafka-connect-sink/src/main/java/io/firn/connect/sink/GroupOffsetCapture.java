package io.firn.connect.sink;

import io.firn.error.FirnException;
import io.firn.topic.GroupOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps in the tables where consumer groups stand in the archived topics. Used by one thread. */
final class GroupOffsetCapture implements CaptureJob {
    private static final Logger LOG = LoggerFactory.getLogger(GroupOffsetCapture.class);

    private final GroupSource source;
    private final Predicate<String> groups;
    private final CaptureProblems problems = new CaptureProblems(
            "offsets of groups are not captured, archiving goes on",
            "DESCRIBE on the groups and topics",
            CaptureOptions.GROUPS);

    GroupOffsetCapture(GroupSource source, Predicate<String> groups) {
        this.source = source;
        this.groups = groups;
    }

    @Override
    public void run(Map<String, Watched> topics) throws InterruptedException {
        if (topics.isEmpty()) {
            return;
        }
        GroupSource.Answers answers = source.offsets(groups, topics.keySet());
        Map<String, String> failed = new TreeMap<>(answers.problems());
        topics.forEach((topic, watched) -> {
            List<GroupOffset> offsets = answers.offsets().stream()
                    .filter(offset -> offset.topic().equals(topic))
                    .toList();
            try {
                if (!offsets.isEmpty() && watched.files().keepOffsets(topic, offsets)) {
                    LOG.debug("offsets of groups captured: topic={} offsets={}", topic, offsets.size());
                }
            } catch (FirnException e) {
                failed.put("topic " + topic, String.valueOf(e.getMessage()));
            }
        });
        problems.report(failed);
    }
}
