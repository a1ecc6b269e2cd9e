package io.firn.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything public says what it is. That the comments are well-formed is doclint's job (profile lint). */
class JavadocTest {

    @TempDir
    Path directory;

    @Test
    void everyPublicTypeAndMethodHasAComment() throws IOException {
        assertThat(withoutComment(Repository.sources("src/main/java"))).isEmpty();
    }

    @Test
    void seesWhatHasNone() throws IOException {
        Path source = directory.resolve("Bare.java");
        Files.writeString(source, """
                /** Has one. */
                public class Bare {
                    public void bare() {}
                    /** Has one. */
                    public void fine() {}
                    @Override public String toString() { return ""; }
                    void ours() {}
                    public interface Inner { int size(); private void ours() {} }
                }
                """);

        assertThat(withoutComment(List.of(source)))
                .extracting(found -> found.substring(found.lastIndexOf(' ') + 1))
                .containsExactly("bare", "Inner", "size");
    }

    private static List<String> withoutComment(List<Path> sources) throws IOException {
        List<String> found = new ArrayList<>();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            var units = files.getJavaFileObjectsFromPaths(sources);
            JavacTask task = (JavacTask) compiler.getTask(null, files, null, List.of("-proc:none"), null, units);
            DocTrees comments = DocTrees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                new PublicParts(comments, found).scan(unit, null);
            }
        }
        return found;
    }

    /** Visits what users see: public and protected members of public types. */
    private static final class PublicParts extends TreePathScanner<Void, Void> {

        private final DocTrees comments;
        private final List<String> found;

        PublicParts(DocTrees comments, List<String> found) {
            this.comments = comments;
            this.found = found;
        }

        @Override
        public Void visitClass(ClassTree type, Void unused) {
            if (!isVisible(type.getModifiers())) {
                return null;
            }
            check(type.getSimpleName().toString());
            return super.visitClass(type, null);
        }

        @Override
        public Void visitMethod(MethodTree method, Void unused) {
            boolean overrides = method.getModifiers().getAnnotations().stream()
                    .anyMatch(annotation ->
                            annotation.getAnnotationType().toString().equals("Override"));
            if (isVisible(method.getModifiers()) && !overrides && !isCompactConstructor(method)) {
                check(method.getName().toString());
            }
            return null;
        }

        private boolean isVisible(ModifiersTree modifiers) {
            return modifiers.getFlags().contains(Modifier.PUBLIC)
                    || modifiers.getFlags().contains(Modifier.PROTECTED)
                    || (isMemberOfInterface() && !modifiers.getFlags().contains(Modifier.PRIVATE));
        }

        private boolean isMemberOfInterface() {
            Tree parent = getCurrentPath().getParentPath().getLeaf();
            return parent.getKind() == Tree.Kind.INTERFACE;
        }

        private boolean isCompactConstructor(MethodTree method) {
            Tree parent = getCurrentPath().getParentPath().getLeaf();
            return parent.getKind() == Tree.Kind.RECORD && method.getReturnType() == null;
        }

        private void check(String name) {
            if (comments.getDocComment(getCurrentPath()) == null) {
                found.add(getCurrentPath().getCompilationUnit().getSourceFile().getName() + " " + name);
            }
        }
    }
}
