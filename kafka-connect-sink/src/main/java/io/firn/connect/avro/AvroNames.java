package io.firn.connect.avro;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** Names that Avro allows: a name of Connect where it is one, else one that is made up. Confined to one schema. */
final class AvroNames {
    private static final Pattern SIMPLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern FULL = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)*");
    private static final int MAX_CHARS = 200;

    private final Set<String> taken = new HashSet<>();
    private int madeUp;

    /** Whether a record may have this name, as far as it is free. */
    static boolean isFullName(@Nullable String name) {
        return name != null
                && FULL.matcher(name).matches()
                && !name.startsWith(AnyCodec.NAMESPACE + ".")
                && !name.startsWith("FirnValue_")
                && !isTypeName(name.substring(name.lastIndexOf('.') + 1));
    }

    private static boolean isTypeName(String name) {
        for (Schema.Type type : Schema.Type.values()) {
            if (type.getName().equals(name)
                    || type.name().toLowerCase(Locale.ROOT).equals(name)) {
                return true;
            }
        }
        return false;
    }

    /** Takes a name for a record. */
    String take(@Nullable String wanted) {
        if (wanted != null && isFullName(wanted) && taken.add(wanted)) {
            return wanted;
        }
        return AnyCodec.NAMESPACE + ".Record" + ++madeUp;
    }

    /** A name for a field; of two fields of a record that want the same one the second gets another. */
    static String field(String wanted, Set<String> takenInRecord, Set<String> wantedByOthers) {
        if (SIMPLE.matcher(wanted).matches() && takenInRecord.add(wanted)) {
            return wanted;
        }
        String clean = wanted.substring(0, Math.min(wanted.length(), MAX_CHARS)).replaceAll("[^A-Za-z0-9_]", "_");
        for (int number = 1; ; number++) {
            String candidate = "_" + clean + (number == 1 ? "" : "_" + number);
            if (!wantedByOthers.contains(candidate) && takenInRecord.add(candidate)) {
                return candidate;
            }
        }
    }
}
