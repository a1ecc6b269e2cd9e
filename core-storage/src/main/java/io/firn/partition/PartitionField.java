package io.firn.partition;

import io.firn.error.ConfigException;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * One field of a {@link PartitionScheme}.
 *
 * @param name a letter, then at most 63 letters, digits, {@code _} or {@code -}
 * @param type the type of its values
 * @param zone the time zone in which instants become dates, hours and minutes; UTC for other types
 */
public record PartitionField(String name, PartitionType type, ZoneId zone) {
    private static final Pattern LEGAL_NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,63}");

    /** Validates the name and that only time types carry a zone. */
    public PartitionField {
        if (!LEGAL_NAME.matcher(name).matches()) {
            throw new ConfigException("Illegal partition field name '" + Excerpt.of(name)
                    + "'; use a letter followed by at most 63 letters, digits, '_' or '-'.");
        }
        if (!type.isTime() && !zone.equals(ZoneOffset.UTC)) {
            throw new ConfigException("Partition field '" + name + "' of type " + type.text() + " has the time zone '"
                    + zone + "'; only date, hour and minute fields take one.");
        }
    }

    /** The field as text: {@code dt:date}, or {@code dt:date(Europe/Vienna)} when the zone is not UTC. */
    public String describe() {
        String plain = name + ":" + type.text();
        return zone.equals(ZoneOffset.UTC) ? plain : plain + "(" + zone.getId() + ")";
    }

    /** Reads the text of {@link #describe}; a time field without a zone of its own takes {@code defaultZone}. */
    static PartitionField parse(String text, ZoneId defaultZone) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new ConfigException("Partition field '" + Excerpt.of(text)
                    + "' has no type; write name:type, for example dt:date or origin:string.");
        }
        String name = text.substring(0, colon).strip();
        String rest = text.substring(colon + 1).strip();
        int open = rest.indexOf('(');
        PartitionType type = PartitionType.parse((open < 0 ? rest : rest.substring(0, open)).strip());
        if (open < 0) {
            return new PartitionField(name, type, type.isTime() ? normalize(defaultZone) : ZoneOffset.UTC);
        }
        if (!rest.endsWith(")")) {
            throw new ConfigException("Partition field '" + Excerpt.of(text)
                    + "': the ')' after the time zone is missing; write " + name + ":" + type.text()
                    + "(Europe/Vienna).");
        }
        return new PartitionField(
                name, type, zone(rest.substring(open + 1, rest.length() - 1).strip()));
    }

    /** Reads a time zone id such as {@code UTC}, {@code Europe/Vienna} or {@code +05:30}. */
    static ZoneId zone(String id) {
        try {
            return normalize(ZoneId.of(id));
        } catch (DateTimeException unknown) {
            throw new ConfigException(
                    "Unknown time zone '" + Excerpt.of(id) + "'; use an id like UTC, Europe/Vienna or +05:30.",
                    unknown);
        }
    }

    /** {@code UTC}, {@code Z} and {@code GMT} are one zone: the offset zero. */
    static ZoneId normalize(ZoneId zone) {
        return zone.normalized();
    }

    /** The name in the form that decides whether two names collide on file systems and in Hive. */
    String foldedName() {
        return name.toLowerCase(Locale.ROOT);
    }
}
