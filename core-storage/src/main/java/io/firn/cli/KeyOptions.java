package io.firn.cli;

import io.firn.lifecycle.RecordKeys;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Keys of records, given one by one or as the lines of a file. Confined to one thread. */
final class KeyOptions {
    @Option(names = "--key", paramLabel = "<text>", description = "A key as text (UTF-8); may be repeated.")
    private final List<String> texts = new ArrayList<>();

    @Option(names = "--key-hex", paramLabel = "<digits>", description = "A key as hexadecimal digits; may be repeated.")
    private final List<String> hex = new ArrayList<>();

    @Option(names = "--key-base64", paramLabel = "<text>", description = "A key as Base64; may be repeated.")
    private final List<String> base64 = new ArrayList<>();

    @Option(
            names = "--keys-from",
            paramLabel = "<file>",
            description = "A file with one key in each line, - for standard input; empty lines are passed over.")
    private @Nullable String file;

    @Option(
            names = "--keys-format",
            paramLabel = "text|hex|base64",
            description = "What the lines of --keys-from are. Default: text.")
    private KeyFormat format = KeyFormat.TEXT;

    /** How a key is written. */
    enum KeyFormat {
        TEXT,
        HEX,
        BASE64;

        byte[] decode(String option, String text) {
            try {
                return switch (this) {
                    case TEXT -> text.getBytes(StandardCharsets.UTF_8);
                    case HEX -> HexFormat.of().parseHex(text);
                    case BASE64 -> Base64.getDecoder().decode(text);
                };
            } catch (IllegalArgumentException wrong) {
                // The text may be what shall be forgotten: it is not repeated in a message.
                throw new UsageException(option + ": a key is not valid " + name().toLowerCase(Locale.ROOT));
            }
        }
    }

    /** All keys. */
    RecordKeys read(CliContext context) throws IOException {
        List<byte[]> keys = new ArrayList<>();
        texts.forEach(text -> keys.add(KeyFormat.TEXT.decode("--key", text)));
        hex.forEach(text -> keys.add(KeyFormat.HEX.decode("--key-hex", text)));
        base64.forEach(text -> keys.add(KeyFormat.BASE64.decode("--key-base64", text)));
        if (file != null) {
            readLines(context, file, keys);
        }
        if (keys.isEmpty()) {
            throw new UsageException("give the keys: --key, --key-hex, --key-base64 or --keys-from");
        }
        return UsageException.reading("--keys-from", () -> RecordKeys.of(keys));
    }

    private void readLines(CliContext context, String name, List<byte[]> keys) throws IOException {
        try (InputStream input = InputChunks.file(context, name);
                InputChunks chunks = InputChunks.open(input)) {
            LineReader lines = new LineReader(chunks);
            while (lines.next(Long.MAX_VALUE) == LineReader.Step.LINE) {
                String line = new String(lines.bytes(), lines.offset(), lines.length(), StandardCharsets.UTF_8);
                String key = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
                if (!key.isEmpty()) {
                    keys.add(format.decode("--keys-from", key));
                }
            }
        }
    }
}
