package io.firn.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is in {@code firn-flink-connector-<version>-all.jar}. */
class FatJarIT {
    private static final Path JAR = Path.of(System.getProperty("firn.flink.jar"));
    private static final String CLASS = ".class";
    private static final String SERVICES = "META-INF/services/";
    /** A bundled library under its own name, in any form in which a class file may name it; not in a text's quotes. */
    private static final Pattern UNMOVED = Pattern.compile(
            "(?=[co])(?<!io[/.]firn[/.]shaded[/.]|')(?:com[/.]fasterxml[/.]jackson|com[/.]github[/.]benmanes|"
                    + "org[/.]roaringbitmap)[/.]\\w");

    private static final List<String> NAMES = new ArrayList<>();
    private static final Map<String, String> CONTENTS = new TreeMap<>();

    @BeforeAll
    static void readJar() throws IOException {
        try (InputStream file = Files.newInputStream(JAR);
                ZipInputStream zip = new ZipInputStream(file)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (!entry.isDirectory()) {
                    NAMES.add(entry.getName());
                    CONTENTS.put(entry.getName(), new String(zip.readAllBytes(), StandardCharsets.ISO_8859_1));
                }
            }
        }
    }

    @Test
    void holdsTheConnectorTheEngineAndWhatTheEngineNeeds() {
        assertThat(NAMES)
                .contains(
                        "io/firn/flink/sink/FirnSink.class",
                        "io/firn/table/Table.class",
                        "io/firn/shaded/com/fasterxml/jackson/core/JsonFactory.class",
                        "io/firn/shaded/com/fasterxml/jackson/databind/ObjectMapper.class",
                        "io/firn/shaded/com/fasterxml/jackson/annotation/JsonProperty.class",
                        "io/firn/shaded/com/github/benmanes/caffeine/cache/Caffeine.class",
                        "com/github/luben/zstd/Zstd.class");
        assertThat(NAMES).anyMatch(name -> name.matches("linux/amd64/libzstd-jni-.*\\.so"));
    }

    @Test
    void bringsNoClassUnderANameThatAClusterOrAJobMayUse() {
        assertThat(NAMES)
                .filteredOn(name -> name.endsWith(CLASS))
                .allMatch(name -> name.startsWith("io/firn/") || name.startsWith("com/github/luben/zstd/"));
    }

    @Test
    void noClassNamesABundledLibraryByItsOldName() {
        List<String> naming = CONTENTS.entrySet().stream()
                .filter(entry ->
                        entry.getKey().startsWith("io/firn/") || entry.getKey().startsWith(SERVICES))
                .filter(entry -> UNMOVED.matcher(entry.getValue()).find())
                .map(Map.Entry::getKey)
                .toList();
        assertThat(naming).isEmpty();
    }

    @Test
    void holdsNothingTwiceAndNoModule() {
        assertThat(NAMES).doesNotHaveDuplicates();
        assertThat(NAMES).noneMatch(name -> name.endsWith("module-info.class"));
        assertThat(NAMES).noneMatch(name -> name.startsWith("META-INF/versions/"));
    }

    @Test
    void everyServiceOfTheConnectorIsThereWithItsClasses() throws IOException {
        assertThat(NAMES).containsAll(ownServices());
        for (String service : services()) {
            for (String provider : providers(CONTENTS.getOrDefault(service, ""))) {
                assertThat(NAMES).as(service).contains(provider.replace('.', '/') + CLASS);
            }
        }
    }

    @Test
    void saysUnderWhichLicencesItIs() throws IOException {
        assertThat(CONTENTS.get("META-INF/LICENSE")).contains("Apache License");
        assertThat(CONTENTS.get("META-INF/NOTICE"))
                .contains("jackson-databind", "caffeine", "zstd-jni", "FastDoubleParser");
        assertThat(CONTENTS.get("META-INF/licenses/zstd-jni")).contains("Luben Karavelov");
        assertThat(CONTENTS.get("META-INF/licenses/zstd")).contains("Meta Platforms");
        assertThat(NAMES).contains("META-INF/FastDoubleParser-LICENSE", "META-INF/thirdparty-LICENSE");
        try (JarFile jar = new JarFile(JAR.toFile())) {
            assertThat(jar.getManifest().getMainAttributes().getValue("Automatic-Module-Name"))
                    .isEqualTo("io.firn.flink");
        }
    }

    /** Service files of this module's own resources. */
    private static List<String> ownServices() throws IOException {
        Path directory = JAR.resolveSibling("classes").resolve(SERVICES);
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> SERVICES + file.getFileName()).toList();
        }
    }

    private static List<String> services() {
        return NAMES.stream().filter(name -> name.startsWith(SERVICES)).toList();
    }

    private static List<String> providers(String content) {
        return content.lines()
                .map(line -> line.replaceAll("#.*", "").strip())
                .filter(line -> !line.isEmpty())
                .collect(Collectors.toList());
    }
}
