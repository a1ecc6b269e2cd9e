package io.firn.table;

import io.firn.log.Withdrawal;
import java.util.List;

/**
 * What a sink wrote after a checkpoint.
 *
 * @param withdrawals by lane, what was provably written after it
 * @param unproven writers of attempts of the same jobs of which nobody can tell whether they came after it, with the
 *     reason
 */
public record LaterAttempts(List<Withdrawal> withdrawals, List<String> unproven) {
    /** Copies the lists. */
    public LaterAttempts {
        withdrawals = List.copyOf(withdrawals);
        unproven = List.copyOf(unproven);
    }
}
