package io.firn.log;

import java.util.Optional;

/**
 * The outcome of reading a log by rule 1.
 *
 * @param epoch the highest epoch, 0 when the log was never opened
 * @param content its content; empty when its owner has not written a base (yet)
 * @param undecided the content is missing and an earlier owner may have committed something: nobody knows what counts
 *     before the new owner writes its base; wait, or open the log oneself
 * @param published what an owner had published before that
 */
record TrustedRead(long epoch, Optional<LogContent> content, boolean undecided, Optional<PositionPage> published) {
    /** The same of a log that must have a base. */
    TrustedRead undecidedWithoutContent() {
        return epoch > 0 && content.isEmpty() ? new TrustedRead(epoch, content, true, published) : this;
    }

    LogPosition position() {
        return content.map(LogContent::position).orElse(new LogPosition(epoch, 0));
    }
}
