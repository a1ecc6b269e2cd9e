package io.firn.architecture;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * The test methods of all modules, read from the sources: a test of core-storage cannot load the classes of an adapter.
 * Confined to one thread.
 */
final class TestSources {

    private static final Set<String> TEST_ANNOTATIONS =
            Set.of("Test", "ParameterizedTest", "RepeatedTest", "TestFactory", "TestTemplate");

    private final Map<String, Set<String>> methods = new HashMap<>();
    private final Map<String, String> parents = new HashMap<>();

    private TestSources() {}

    /** Parses every test source of the repository. */
    static TestSources read() throws IOException {
        TestSources found = new TestSources();
        List<Path> sources = Repository.sources("src/test/java");
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            var units = files.getJavaFileObjectsFromPaths(sources);
            JavacTask task = (JavacTask) compiler.getTask(null, files, null, List.of("-proc:none"), null, units);
            for (CompilationUnitTree unit : task.parse()) {
                found.new Collector().scan(unit, null);
            }
        }
        return found;
    }

    /**
     * True when {@code name} ({@code FooTest} or {@code FooTest#method}, simple class names) is a test that runs: it is
     * not disabled, and its class or a subclass of it is one that the build starts.
     */
    boolean runs(String name) {
        int separator = name.indexOf('#');
        String type = separator < 0 ? name : name.substring(0, separator);
        Set<String> own = inherited(type);
        boolean exists = separator < 0 ? !own.isEmpty() : own.contains(name.substring(separator + 1));
        return exists && isStarted(type);
    }

    private Set<String> inherited(String type) {
        Set<String> all = new TreeSet<>(methods.getOrDefault(type, Set.of()));
        String parent = parents.get(type);
        if (parent != null) {
            all.addAll(inherited(parent));
        }
        return all;
    }

    private boolean isStarted(String type) {
        if (type.endsWith("Test") || type.endsWith("IT")) {
            return true;
        }
        Set<String> children = parents.entrySet().stream()
                .filter(entry -> entry.getValue().equals(type))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        return children.stream().anyMatch(this::isStarted);
    }

    private final class Collector extends TreeScanner<Void, Void> {

        @Override
        public Void visitClass(ClassTree type, Void unused) {
            String name = type.getSimpleName().toString();
            if (annotations(type.getModifiers()).contains("Disabled")) {
                return null;
            }
            Tree parent = type.getExtendsClause();
            if (parent != null) {
                parents.put(name, simpleName(parent));
            }
            type.getImplementsClause().forEach(contract -> parents.put(name, simpleName(contract)));
            Set<String> tests = methods.computeIfAbsent(name, key -> new HashSet<>());
            for (Tree member : type.getMembers()) {
                if (member instanceof MethodTree method && isTest(method)) {
                    tests.add(method.getName().toString());
                }
            }
            return super.visitClass(type, null);
        }

        private boolean isTest(MethodTree method) {
            Set<String> names = annotations(method.getModifiers());
            return !names.contains("Disabled") && names.stream().anyMatch(TEST_ANNOTATIONS::contains);
        }

        private Set<String> annotations(ModifiersTree modifiers) {
            return modifiers.getAnnotations().stream()
                    .map(AnnotationTree::getAnnotationType)
                    .map(Collector::simpleName)
                    .collect(Collectors.toSet());
        }

        private static String simpleName(Tree type) {
            String name = type.toString().replaceAll("<.*", "");
            return name.substring(name.lastIndexOf('.') + 1);
        }
    }
}
