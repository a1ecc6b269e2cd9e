package io.firn.flink.table;

import org.apache.flink.configuration.DescribedEnum;
import org.apache.flink.configuration.description.InlineElement;
import org.apache.flink.configuration.description.TextElement;

/** Whether a job that writes to a table also rewrites it. */
public enum LifecycleMode implements DescribedEnum {
    /** It leaves that to others. */
    OFF("off", "the job leaves settling and compression to others"),
    /** After completed checkpoints. */
    ON_COMMIT("on-commit", "the job settles and compresses after completed checkpoints");

    private final String text;
    private final String description;

    LifecycleMode(String text, String description) {
        this.text = text;
        this.description = description;
    }

    @Override
    public InlineElement getDescription() {
        return TextElement.text(description);
    }

    @Override
    public String toString() {
        return text;
    }
}
