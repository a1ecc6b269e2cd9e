package io.firn.ipc;

import io.firn.error.ConfigException;
import io.firn.partition.PartitionFilter;
import io.firn.partition.PartitionScheme;
import io.firn.partition.PartitionValues;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Names one stream of an archive. Immutable; thread-safe.
 *
 * <p>No name may be empty, {@code .} or {@code ..}, or contain {@code /}, a backslash or NUL: archives of the old
 * layout have them as directory names as they are. Anything else is allowed and escaped in a table's directories.
 *
 * @param venue the venue
 * @param symbol the symbol; empty for a raw stream, which holds all symbols of its venue
 * @param date the day
 * @param stream the stream's name
 */
public record StreamKey(String venue, Optional<String> symbol, LocalDate date, String stream) {
    /** The partition scheme of every archive: {@code venue:string,symbol:string,date:date,stream:string}. */
    public static final PartitionScheme SCHEME = PartitionScheme.builder()
            .addString("venue")
            .addString("symbol")
            .addDate("date")
            .addString("stream")
            .build();

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd", Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);
    private static final int MAX_YEAR = 9999;
    private static final Set<String> OLD_WRITERS = Set.of("legacy", "legacy-file", "legacy-raw");

    /** Checks every name; {@link ConfigException} quotes the bad one. */
    public StreamKey {
        requireName("venue", venue);
        symbol.ifPresent(name -> requireName("symbol", name));
        requireName("stream", stream);
        if (date.getYear() < 0 || date.getYear() > MAX_YEAR) {
            throw new ConfigException("Invalid date '" + date + "' of an archive stream; write it as YYYY-MM-DD.");
        }
    }

    /**
     * Makes a key from text.
     *
     * @param date YYYY-MM-DD
     * @throws ConfigException when a name or the date is not valid
     */
    public static StreamKey of(String venue, String symbol, String date, String stream) {
        return new StreamKey(venue, Optional.of(symbol), parseDate(date), stream);
    }

    /** Reads a date; anything but four digits, two and two of a real day is a {@link ConfigException}. */
    public static LocalDate parseDate(String text) {
        try {
            return LocalDate.parse(text, DATE);
        } catch (DateTimeParseException wrong) {
            throw new ConfigException(
                    "Invalid date '" + text + "' of an archive stream; write it as YYYY-MM-DD, for example 2026-01-31.",
                    wrong);
        }
    }

    /** The partition that holds the stream in a table of an archive. */
    public PartitionValues partition() {
        return PartitionValues.of(SCHEME, venue, symbol.orElse(null), date, stream);
    }

    /** The date as it stands in directory names. */
    public String dateText() {
        return DATE.format(date);
    }

    private static void requireName(String what, String name) {
        boolean special = name.isEmpty() || name.equals(".") || name.equals("..");
        if (special || name.chars().anyMatch(c -> c == '/' || c == '\\' || c == 0)) {
            throw new ConfigException("Invalid " + what + " '" + name.replace('\0', '?')
                    + "' of an archive stream; it may not be empty, '.' or '..', and not contain '/', '\\' or NUL.");
        }
    }

    /** Chooses the stream's partition. */
    public PartitionFilter filter() {
        return PartitionFilter.and(
                PartitionFilter.exact("venue", venue),
                PartitionFilter.exact("symbol", symbol.orElse(null)),
                PartitionFilter.exact("date", date),
                PartitionFilter.exact("stream", stream));
    }

    /** Whether a writer of an archive's table has records of an old archive, which were written before all others. */
    public static boolean isOfOldArchive(String writer) {
        int end = writer.indexOf('@');
        return end > 0 && OLD_WRITERS.contains(writer.substring(0, end));
    }
}
