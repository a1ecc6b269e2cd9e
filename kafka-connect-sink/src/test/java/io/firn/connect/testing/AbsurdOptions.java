package io.firn.connect.testing;

import io.firn.testing.Randomized;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Connector;
import org.apache.kafka.connect.converters.ByteArrayConverter;

/**
 * Configurations that nobody means: a connector says in one line each what is wrong with them, and never throws.
 *
 * <p>Confined to one thread.
 */
public final class AbsurdOptions {
    private static final int MIXTURES = 400;
    private static final int MAX_MESSAGE = 1_500;
    /** Separated by white space. */
    private static final String WORDS = """
            -1 0 1 2 -9223372036854775808 9223372036854775807 9223372036854775808 2147483648 1e9 0.000001 NaN -Infinity
            0x10 true null fail 8EiB 9223372036854775807d 106751991167301d 7d 1ns P1D -5s 20MiB
            \u0661 \u65e5\u672c \ud83d\ude00 \ud800 \u202e \u0000
            a,b ,, , * ? [ ( ) ' \\ ${topic} ${ $1 a=b = : a:b a:b,a:c *:* *:*=1 a:0=-1 a:0=9223372036854775807
            a:99999999999=1 fixed:-1 fixed:99999999999 fixed: ../.. / // /dev/null /proc/self/x a/b
            2001-01-01 2001-13-41 +999999999-12-31T23:59:59Z -1000000000-01-01T00:00:00Z 20010101
            header. dt:date=timestamp x:string=value. x:int=key,x:int=key UTC +99:00 Europe/Nowhere
            http:// http://[ ftp://x localhost localhost:-1 localhost:99999 classic shift series structured captured
            timestamp continuous interval io.firn.Nothing java.lang.String 00000000-0000-0000-0000-000000000000
            """;

    /** Every connector needs them. */
    private static final Map<String, String> BASE = Map.of(
            "name", "c",
            "tasks.max", "1",
            "key.converter", ByteArrayConverter.class.getName(),
            "value.converter", ByteArrayConverter.class.getName(),
            "header.converter", ByteArrayConverter.class.getName());

    private static final List<String> TEXTS =
            List.of("", " ", "\t\n", "10 TB", "dt >= ", "dt >= '2001'", "key in (", "a".repeat(5_000), "9".repeat(400));

    private final Connector connector;
    private final Map<String, String> base = new HashMap<>(BASE);
    private final Consumer<Map<String, String>> use;
    private final List<String> options;
    private final List<String> values = new ArrayList<>(TEXTS);
    private final List<String> problems = new ArrayList<>();

    /**
     * Creates the check.
     *
     * @param connector whose options they are
     * @param own what this connector needs beside what all do
     * @param more names of options that are in no definition
     * @param use what must not fail when a configuration was found valid
     */
    public AbsurdOptions(
            Connector connector, Map<String, String> own, List<String> more, Consumer<Map<String, String>> use) {
        this.connector = connector;
        this.base.putAll(own);
        this.use = use;
        this.values.addAll(List.of(WORDS.trim().split("\\s+")));
        this.options = new ArrayList<>(more);
        for (ConfigDef.ConfigKey key : connector.config().configKeys().values()) {
            if (!key.internalConfig) {
                options.add(key.name);
            }
        }
    }

    /** What the connector does wrong, one line for each configuration. */
    public List<String> problems() {
        for (String option : options) {
            values.forEach(value -> check(Map.of(option, value)));
        }
        Randomized.forAll(MIXTURES, random -> check(mixture(random)));
        return problems;
    }

    private Map<String, String> mixture(RandomGenerator random) {
        Map<String, String> mixture = new HashMap<>();
        for (int i = 2 + random.nextInt(4); i > 0; i--) {
            mixture.put(options.get(random.nextInt(options.size())), values.get(random.nextInt(values.size())));
        }
        return mixture;
    }

    private void check(Map<String, String> absurd) {
        Map<String, String> properties = new HashMap<>(base);
        properties.putAll(absurd);
        try {
            Config config = connector.validate(properties);
            List<String> messages = config.configValues().stream()
                    .flatMap(value -> value.errorMessages().stream())
                    .toList();
            messages.stream().filter(AbsurdOptions::isUnreadable).forEach(message -> note(absurd, message));
            if (messages.isEmpty()) {
                use.accept(properties);
            }
        } catch (RuntimeException | Error e) {
            note(absurd, e.toString());
        }
    }

    private static boolean isUnreadable(String message) {
        return message.isBlank()
                || message.contains("Exception")
                || (message.length() > MAX_MESSAGE && !message.contains("aaaa") && !message.contains("9999"));
    }

    private void note(Map<String, String> absurd, String problem) {
        problems.add(absurd + " -> " + problem);
    }
}
