package io.firn.connect.source;

import io.firn.error.FirnException;

/** A part of a replay that is read in one go. Confined to one thread. */
interface ReplayPart extends AutoCloseable {
    /**
     * Adds records until the batch takes no more.
     *
     * @return whether there may be more: false when everything that is visible at present was added
     * @throws FirnException when the archive cannot be read and nothing was added; what was added before an error is
     *     handed out first, and the error shows again with the next call
     */
    boolean fill(PollBatch batch);

    /** Looks for records that were committed since the end was reached, if it was; cheap when there are none. */
    void refresh();

    /** What it reads, for messages. */
    String name();

    /** Closes what is open; {@link #fill} opens it again. Idempotent. */
    @Override
    void close();
}
