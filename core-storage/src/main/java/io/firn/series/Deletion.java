package io.firn.series;

import io.firn.error.ConfigException;
import java.util.List;

/** Deletes samples: one record in the manifest, which everything that reads goes by. Guarded by the structure lock. */
final class Deletion {
    /** A record of the manifest is a JSON text, and who reads one takes no text of any length. */
    private static final long MAX_CHARS = 1 << 20;
    /** Reading an expression takes stack for each level, and those who read it may have less than who deletes. */
    private static final int MAX_BRACKETS = 128;

    private final StoreContext context;
    private final StoreParts parts;
    private final StoreState state;
    private final StoreRecovery recovery;

    Deletion(StoreContext context, StoreRecovery recovery) {
        this.context = context;
        this.parts = context.parts();
        this.state = context.state();
        this.recovery = recovery;
    }

    /**
     * Deletes what was written so far; no sample is written meanwhile.
     *
     * @throws io.firn.error.ConfigException when an expression is stopped at a value of what it would be asked about;
     *     nothing has changed then. A deletion that counts is looked at by everything that reads, for ever
     */
    void delete(List<LabelMatcher> matchers, TimeRange range) {
        List<LabelMatcher> expressions =
                matchers.stream().filter(matcher -> matcher.kind().isRegex()).toList();
        checkLength(matchers);
        expressions.forEach(Deletion::checkBrackets);
        tryOnBlocks(expressions, range);
        state.writing().lock();
        try {
            state.look((heads, manifest) -> tryOnHeads(expressions, heads));
            parts.log().commit();
            Tombstone tombstone = new Tombstone(
                    matchers, range, state.lastBlock(), parts.log().position());
            ManifestState next = parts.manifest().commit(new ManifestRecord.Deleted(tombstone));
            StoppedDeletions deletions = context.counters().reads().deletions();
            state.changed(next, head -> head.delete(tombstone, deletions));
            context.counters().deleted();
        } catch (RuntimeException failure) {
            recovery.failed(failure);
            throw failure;
        } finally {
            state.writing().unlock();
        }
    }

    private static void checkLength(List<LabelMatcher> matchers) {
        long chars = matchers.stream()
                .mapToLong(matcher ->
                        matcher.name().length() + (long) matcher.value().length())
                .sum();
        if (chars > MAX_CHARS) {
            throw new ConfigException("The matchers of a deletion have " + chars + " characters, at most " + MAX_CHARS
                    + " are allowed; use several deletions");
        }
    }

    /** Counts brackets, however they are nested and whether they are only characters. */
    private static void checkBrackets(LabelMatcher expression) {
        long brackets = expression
                .value()
                .chars()
                .filter(unit -> unit == '(' || unit == '[')
                .count();
        if (brackets > MAX_BRACKETS) {
            throw new ConfigException("The regular expression for label '" + expression.name() + "' of a deletion has "
                    + brackets + " opening brackets, at most " + MAX_BRACKETS + " are allowed; use several deletions");
        }
    }

    private void tryOnBlocks(List<LabelMatcher> expressions, TimeRange range) {
        if (expressions.isEmpty()) {
            return;
        }
        try (BlockLibrary.Lent lent = context.library().lend()) {
            for (BlockInfo block : state.manifest().blocks()) {
                if (range.overlaps(block.minTimestamp(), block.maxTimestamp())) {
                    context.library()
                            .load(block, lent.reader())
                            .content()
                            .index()
                            .tryOut(expressions);
                }
            }
        }
    }

    private static boolean tryOnHeads(List<LabelMatcher> expressions, List<Head> heads) {
        heads.forEach(head -> head.index().tryOut(expressions));
        return true;
    }
}
