package io.firn.flink.table;

import org.apache.flink.configuration.DescribedEnum;
import org.apache.flink.configuration.description.InlineElement;
import org.apache.flink.configuration.description.TextElement;

/** Which columns the format encodes into the value of a record. */
public enum ValueFields implements DescribedEnum {
    /** All physical columns, so that a record is complete without its directory. */
    ALL("all", "all physical columns: a record is complete without its directory"),
    /** All but the partition columns, which stand in the directory's name alone. */
    EXCEPT_PARTITION("except-partition", "all but the partition columns, which the directory's name says");

    private final String text;
    private final String description;

    ValueFields(String text, String description) {
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
