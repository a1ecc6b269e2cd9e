package io.firn.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small files, small methods, short lines: the hard limits of the style, for every module's main sources. */
class SourceSizeTest {

    private static final int MAX_FILE_LINES = 600;
    private static final int MAX_METHOD_LINES = 70;
    private static final int MAX_COLUMNS = 120;

    @TempDir
    Path directory;

    @Test
    void mainSourcesKeepTheLimits() throws IOException {
        List<Path> sources = Repository.sources("src/main/java");
        assertThat(sources).isNotEmpty();
        assertThat(violations(sources)).isEmpty();
    }

    @Test
    void seesLongFilesLinesAndMethods() throws IOException {
        String method = "void m() {\n" + "int i;\n".repeat(MAX_METHOD_LINES - 1) + "}\n";
        String wide = "// " + "x".repeat(MAX_COLUMNS) + "\n";
        Path source = directory.resolve("Large.java");
        Files.writeString(source, "class Large {\n" + method + wide + "\n".repeat(MAX_FILE_LINES) + "}\n");

        assertThat(violations(List.of(source)))
                .hasSize(3)
                .anyMatch(found -> found.contains("674 lines"))
                .anyMatch(found -> found.contains("73 has 123 columns"))
                .anyMatch(found -> found.contains("method m has 71 lines"));
    }

    private static List<String> violations(List<Path> sources) throws IOException {
        List<String> found = new ArrayList<>();
        for (Path source : sources) {
            List<String> lines = Files.readAllLines(source);
            if (lines.size() > MAX_FILE_LINES) {
                found.add(source + " has " + lines.size() + " lines, at most " + MAX_FILE_LINES);
            }
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).length() > MAX_COLUMNS) {
                    found.add(source + ":" + (i + 1) + " has " + lines.get(i).length() + " columns");
                }
            }
        }
        findLongMethods(sources, found);
        return found;
    }

    private static void findLongMethods(List<Path> sources, List<String> found) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, files, null, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(sources));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                new MethodSizes(unit, positions, found).scan(unit, null);
            }
        }
    }

    private static final class MethodSizes extends TreeScanner<Void, Void> {

        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final List<String> found;

        MethodSizes(CompilationUnitTree unit, SourcePositions positions, List<String> found) {
            this.unit = unit;
            this.positions = positions;
            this.found = found;
        }

        @Override
        public Void visitMethod(MethodTree method, Void unused) {
            if (method.getBody() != null) {
                measure(method);
            }
            return super.visitMethod(method, null);
        }

        private void measure(MethodTree method) {
            LineMap map = unit.getLineMap();
            long first = map.getLineNumber(positions.getStartPosition(unit, method));
            long last = map.getLineNumber(positions.getEndPosition(unit, method));
            long lines = last - first + 1;
            String place = unit.getSourceFile().getName() + ":" + first + " method " + method.getName();
            if (lines > MAX_METHOD_LINES) {
                found.add(place + " has " + lines + " lines, at most " + MAX_METHOD_LINES);
            }
        }
    }
}
