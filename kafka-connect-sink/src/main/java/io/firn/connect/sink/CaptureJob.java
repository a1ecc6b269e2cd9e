package io.firn.connect.sink;

import io.firn.topic.TableTopics;
import java.util.Map;

/** Something that is captured from the source cluster again and again. Used by one thread. */
interface CaptureJob {
    /**
     * A topic that the task archives.
     *
     * @param files where the table keeps what is captured
     * @param topicId the archived topic's id, empty when it is not known
     */
    record Watched(TableTopics files, String topicId) {}

    /**
     * Captures; what does not work is logged and tried again the next time.
     *
     * @param topics by name
     * @throws InterruptedException when the thread is interrupted while it waits
     */
    void run(Map<String, Watched> topics) throws InterruptedException;
}
