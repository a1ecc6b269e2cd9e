package io.firn.partition;

import io.firn.error.ConfigException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/** Reads the text of {@code partition.fields}. */
final class MappingParser {
    private static final String EXAMPLE = "dt:date=timestamp,origin:string=value.origin";
    private static final int MAX_PATH_NAMES = 16;

    private MappingParser() {}

    static List<MappedField> parse(String text, ZoneId defaultZone) {
        List<MappedField> fields = new ArrayList<>();
        if (text.isBlank()) {
            return fields;
        }
        for (String part : splitOutsideQuotes(text)) {
            fields.add(parseField(part.strip(), defaultZone));
        }
        return fields;
    }

    /** Divides a text at its commas. */
    static List<String> splitOutsideQuotes(String text) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            quoted ^= c == '\'';
            if (c == ',' && !quoted) {
                parts.add(text.substring(from, i));
                from = i + 1;
            }
        }
        if (quoted) {
            throw malformed(text, "the closing ' of a constant is missing");
        }
        parts.add(text.substring(from));
        return parts;
    }

    private static MappedField parseField(String part, ZoneId defaultZone) {
        int equals = part.indexOf('=');
        if (equals < 0) {
            throw malformed(part, "'=' and a source are missing; write name:type=source, for example " + EXAMPLE);
        }
        PartitionField field = PartitionField.parse(part.substring(0, equals).strip(), defaultZone);
        return new MappedField(field, parseSource(part.substring(equals + 1).strip()));
    }

    /** Reads one source. */
    static FieldSource parseSource(String text) {
        if (text.startsWith("'")) {
            return constant(text);
        }
        EpochUnit unit = EpochUnit.ofSource(text);
        String plain = text.substring(0, text.length() - unit.suffix().length());
        if (plain.startsWith("header.") && plain.length() > "header.".length()) {
            return new FieldSource.Header(plain.substring("header.".length()), unit);
        }
        if (isPayload(plain, "value") || isPayload(plain, "key")) {
            return new FieldSource.Payload(plain.startsWith("key"), path(plain), unit);
        }
        return switch (text) {
            case "topic" -> new FieldSource.Topic();
            case "partition" -> new FieldSource.Partition();
            case "timestamp" -> new FieldSource.Timestamp();
            default ->
                throw malformed(
                        text,
                        "the source is none of value, value.<field>, key, key.<field>, header.<name>, topic,"
                                + " partition, timestamp and 'constant'");
        };
    }

    private static boolean isPayload(String text, String name) {
        return text.equals(name) || text.startsWith(name + ".");
    }

    private static List<String> path(String text) {
        int dot = text.indexOf('.');
        if (dot < 0) {
            return List.of();
        }
        List<String> names = List.of(text.substring(dot + 1).split("\\.", -1));
        if (names.size() > MAX_PATH_NAMES || names.contains("")) {
            throw malformed(text, "a path has 1 to " + MAX_PATH_NAMES + " names that are not empty");
        }
        return names;
    }

    private static FieldSource constant(String text) {
        String inner = text.length() > 1 && text.endsWith("'") ? text.substring(1, text.length() - 1) : "'";
        String value = inner.replace("''", "\0");
        if (value.indexOf('\'') >= 0) {
            throw malformed(text, "a constant stands in single quotes, with '' for a quote inside");
        }
        return new FieldSource.Constant(value.replace('\0', '\''));
    }

    private static ConfigException malformed(String text, String reason) {
        return new ConfigException("at '" + Excerpt.of(text) + "' " + reason + ".");
    }
}
