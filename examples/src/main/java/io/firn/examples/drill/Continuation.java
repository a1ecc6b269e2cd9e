package io.firn.examples.drill;

import java.util.List;

/**
 * How a consumer group goes on in one partition.
 *
 * @param before how it stood in the lost cluster
 * @param after how it stands in the new one
 */
public record Continuation(DrillGroup.Standing before, DrillGroup.Standing after) {
    /** Whether exactly the same records come as would have come, in their order and with equal content. */
    public boolean isRight() {
        return before.group().equals(after.group())
                && before.place().equals(after.place())
                && contents(before).equals(contents(after));
    }

    private static List<String> contents(DrillGroup.Standing standing) {
        return standing.remaining().stream().map(SeenRecord::content).toList();
    }

    /** One line for people. */
    String describe() {
        int id = before.next().schemaId();
        String ids = id == 0 || after.remaining().isEmpty()
                ? ""
                : ", schema id " + id + " -> " + after.next().schemaId();
        return String.format(
                "%-8s %-11s offset %3d -> %3d, next record was at %3d%s, %d of %d records: %s",
                before.group(),
                before.place(),
                before.offset(),
                after.offset(),
                before.next().offset(),
                ids,
                after.remaining().size(),
                before.remaining().size(),
                isRight()
                        ? "the same"
                        : "DIFFERENT, they begin with "
                                + after.remaining().stream().findFirst());
    }
}
