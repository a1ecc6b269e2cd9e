package io.firn.testing;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Java of a documentation page, compiled as it stands there. Confined to one thread. */
public final class JavaSnippets {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)\n(.*?)^```$");
    private static final Pattern CLASS = Pattern.compile("(?m)^public final class (\\w+)");

    private final Path classes;

    /** Writes class files into a directory. */
    public JavaSnippets(Path classes) {
        this.classes = classes;
    }

    /** The content of a page's blocks of a language, in order. */
    public static List<String> blocks(Path page, String language) throws IOException {
        return blocks(Files.readString(page), language);
    }

    /** The content of a text's blocks of a language, in order. */
    public static List<String> blocks(String text, String language) {
        return BLOCK.matcher(text)
                .results()
                .filter(match -> match.group(1).equals(language))
                .map(match -> match.group(2))
                .toList();
    }

    /**
     * Compiles snippets: a public class as it is, statements as the method {@code run} of the class {@code Snippet<n>},
     * which returns what its last line says.
     *
     * @param lastLine a statement that ends each method, or nothing
     * @return what the compiler complains about, empty when all is well
     */
    public String errors(List<String> snippets, String lastLine) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<JavaFileObject> units = new ArrayList<>();
        for (int i = 0; i < snippets.size(); i++) {
            units.add(unit("Snippet" + i, snippets.get(i), lastLine));
        }
        List<String> options = List.of(
                "-proc:none",
                "-d",
                classes.toString(),
                "-classpath",
                Objects.requireNonNull(System.getProperty("java.class.path")));
        StringWriter output = new StringWriter();
        boolean compiled =
                compiler.getTask(output, null, null, options, null, units).call();
        return compiled ? "" : output.toString();
    }

    /** A loader of what was compiled; the caller closes it. */
    public URLClassLoader loader() throws IOException {
        return new URLClassLoader(new URL[] {classes.toUri().toURL()}, JavaSnippets.class.getClassLoader());
    }

    private static JavaFileObject unit(String name, String snippet, String lastLine) {
        Matcher named = CLASS.matcher(snippet);
        if (named.find()) {
            return source(named.group(1), snippet);
        }
        String imports = snippet.lines().filter(JavaSnippets::isImport).collect(Collectors.joining("\n"));
        String body = snippet.lines().filter(line -> !isImport(line)).collect(Collectors.joining("\n"));
        String result = lastLine.isEmpty() ? "void" : "Object";
        return source(
                name,
                imports + "\npublic class " + name + " { public static " + result + " run() throws Exception {\n" + body
                        + "\n" + lastLine + "\n}}\n");
    }

    private static JavaFileObject source(String name, String text) {
        return new SimpleJavaFileObject(URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
    }

    private static boolean isImport(String line) {
        return line.startsWith("import ");
    }
}
