package io.firn.connect.sink;

import io.firn.connect.common.ConfigRules;
import io.firn.partition.RecordFields;
import io.firn.partition.ValueFormat;
import io.firn.series.SampleMapping;
import io.firn.series.SeriesOption;
import io.firn.series.SeriesStoreOptions;
import io.firn.series.SeriesType;
import io.firn.table.TableEnvironment;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef.Validator;

/**
 * The options of {@code record.format=series}: what samples are made of, and the options of the stores, which the
 * engine names, documents and checks. Thread-safe: no state.
 */
final class SeriesOptions {
    /** In front of every option. */
    static final String PREFIX = "series.";

    /**
     * What is the connector's business: it commits when Connect does, takes partitions over, maintains all stores by
     * one thread, and reads none.
     */
    private static final Map<SeriesOption, String> FIXED = Map.of(
            SeriesOption.COMMIT_EVERY, "write",
            SeriesOption.TAKE_OVER, "true",
            SeriesOption.BACKGROUND_ENABLED, "false",
            SeriesOption.CACHE_ENABLED, "false");

    /** Options that mean nothing then begin so. */
    private static final List<String> UNUSED = List.of("background.", "cache.");

    /** Each Kafka partition has a head of its own. */
    private static final Map<SeriesOption, String> DEFAULTS =
            new EnumMap<>(Map.of(SeriesOption.HEAD_MAX_SAMPLES, "1000000", SeriesOption.HEAD_MAX_BYTES, "32MiB"));

    private SeriesOptions() {}

    /** Options that say what samples are made of. */
    enum Own {
        LABELS(
                "labels",
                "",
                "The labels of a series: a list of name=source, for example host=value.host,dc=header.dc,job='node'."
                        + " Sources are those of partition.fields: value.a.b, key.a, header.h, topic, partition,"
                        + " timestamp, 'constant'. A label that is missing is left out with"
                        + " partition.missing.field=null, and else makes the record an errant one; an empty one is"
                        + " always left out."),
        TIMESTAMP(
                "timestamp",
                "timestamp",
                "The time of a sample: timestamp, which is that of the record, or another source with ISO 8601 text or"
                        + " a number of milliseconds; value.ts@s (@us, @ns) names another unit. Rounded down to"
                        + " series.timestamp.unit."),
        VALUE(
                "value",
                "value",
                "The value of a sample: a source, for example value.usage; or a list of name=source, each of which"
                        + " makes a sample of a series with that name as label __name__, for example"
                        + " cpu=value.cpu,mem=value.m;"
                        + " of a list those that are absent or null are left out."),
        TYPE("type", "untyped", "Type of the series: untyped, gauge, counter, histogram or summary.");

        private final String name;
        private final String defaultText;
        private final String documentation;

        Own(String name, String defaultText, String documentation) {
            this.name = name;
            this.defaultText = defaultText;
            this.documentation = documentation;
        }

        String key() {
            return PREFIX + name;
        }

        String defaultText() {
            return defaultText;
        }

        String documentation() {
            return documentation;
        }
    }

    static Validator check(Own own) {
        return switch (own) {
            case LABELS -> ConfigRules.parsedBy("name=source, ...", RecordFields::split);
            case TIMESTAMP ->
                ConfigRules.parsedBy("a source", text -> new RecordFields(List.of(text), ValueFormat.JSON));
            case VALUE -> ConfigRules.parsedBy("a source, or name=source, ...", RecordFields::split);
            case TYPE -> ConfigRules.choices(SeriesType.class);
        };
    }

    /** The options of stores that a user may set. */
    static List<SeriesOption> ofStore() {
        return Arrays.stream(SeriesOption.values())
                .filter(option -> !FIXED.containsKey(option) && UNUSED.stream().noneMatch(option.key()::startsWith))
                .toList();
    }

    static String defaultText(SeriesOption option) {
        return DEFAULTS.getOrDefault(option, option.defaultText());
    }

    static Validator check(SeriesOption option) {
        return ConfigRules.parsedBy(
                "a value like " + option.defaultText(),
                text -> SeriesStoreOptions.fromProperties(Map.of(option.key(), text)));
    }

    static SampleMapping mapping(FirnSinkConfig config) {
        return SampleMapping.parse(
                new SampleMapping.Text(
                        config.getString(Own.LABELS.key()),
                        config.getString(Own.TIMESTAMP.key()),
                        config.getString(Own.VALUE.key())),
                ConfigRules.choice(SeriesType.class, config.getString(Own.TYPE.key())),
                config.missingField(),
                ValueFormat.JSON);
    }

    /** Only what a user has written is given: the unit of the timestamps is that of the store otherwise. */
    static SeriesStoreOptions store(Map<String, String> written, TableEnvironment environment) {
        Map<SeriesOption, String> texts = new HashMap<>(DEFAULTS);
        for (SeriesOption option : ofStore()) {
            String text = written.get(PREFIX + option.key());
            if (text != null) {
                texts.put(option, text);
            }
        }
        texts.putAll(FIXED);
        SeriesStoreOptions.Builder builder = SeriesStoreOptions.builder().environment(environment);
        texts.forEach(builder::set);
        return builder.build();
    }
}
