package io.firn.series;

import io.firn.error.ConfigException;
import io.firn.table.DurationText;
import java.time.Duration;
import java.util.Locale;

/**
 * When written samples become durable.
 *
 * @param interval the time after the last commit from which on a write commits; zero: each does
 * @param byItself false when only {@link SeriesStore#flush} does
 */
record CommitRule(Duration interval, boolean byItself) {
    static CommitRule parse(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "write" -> new CommitRule(Duration.ZERO, true);
            case "flush" -> new CommitRule(Duration.ZERO, false);
            default -> {
                try {
                    yield new CommitRule(DurationText.parse(text), true);
                } catch (ConfigException invalid) {
                    throw new ConfigException("use write, flush or a duration like 1s (" + invalid.getMessage() + ")");
                }
            }
        };
    }

    /** Less than nothing has passed when the clock was set back: who waited for it would not commit for so long. */
    boolean isDue(long sinceLastCommitMs) {
        return byItself && (sinceLastCommitMs < 0 || sinceLastCommitMs >= interval.toMillis());
    }
}
