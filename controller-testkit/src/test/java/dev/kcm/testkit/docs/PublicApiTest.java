package dev.kcm.testkit.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything that authors can call is described. */
class PublicApiTest {

  @ParameterizedTest
  @ValueSource(strings = {"controller-core", "controller-testkit"})
  void everyPublicTypeAndMemberHasAComment(String module) throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.walk(Path.of("..", module, "src/main/java"))) {
      files = found.filter(file -> file.toString().endsWith(".java")).toList();
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<String> missing = new ArrayList<>();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null,
                  manager,
                  null,
                  List.of("-proc:none"),
                  null,
                  manager.getJavaFileObjectsFromPaths(files));
      DocTrees docs = DocTrees.instance(task);
      for (CompilationUnitTree unit : task.parse()) {
        new Comments(docs, unit, missing).scan(unit, null);
      }
    }

    assertThat(files).isNotEmpty();
    assertThat(missing).as("public and without a comment").isEmpty();
  }

  /** Goes through what others see. Confined to the thread of the test. */
  private static final class Comments extends TreePathScanner<Void, Void> {

    private static final Set<Tree.Kind> OPEN =
        Set.of(Tree.Kind.INTERFACE, Tree.Kind.ANNOTATION_TYPE);

    private final DocTrees docs;
    private final CompilationUnitTree unit;
    private final List<String> missing;

    private Comments(DocTrees docs, CompilationUnitTree unit, List<String> missing) {
      this.docs = docs;
      this.unit = unit;
      this.missing = missing;
    }

    @Override
    public Void visitClass(ClassTree type, Void none) {
      if (isSeen(type.getModifiers())) {
        require(type.getSimpleName().toString());
        super.visitClass(type, null);
      }
      return null;
    }

    @Override
    public Void visitMethod(MethodTree method, Void none) {
      boolean overrides =
          method.getModifiers().getAnnotations().stream()
              .anyMatch(annotation -> annotation.getAnnotationType().toString().equals("Override"));
      boolean canonical = method.getReturnType() == null && parent().getKind() == Tree.Kind.RECORD;
      if (isSeen(method.getModifiers()) && !overrides && !canonical) {
        require(method.getName() + "(..)");
      }
      return null;
    }

    @Override
    public Void visitVariable(VariableTree field, Void none) {
      if (isSeen(field.getModifiers())) {
        require(field.getName().toString());
      }
      return null;
    }

    private boolean isSeen(ModifiersTree modifiers) {
      Set<Modifier> flags = modifiers.getFlags();
      boolean inOpen = parent() instanceof ClassTree type && OPEN.contains(type.getKind());
      return flags.contains(Modifier.PUBLIC)
          || flags.contains(Modifier.PROTECTED)
          || (inOpen && !flags.contains(Modifier.PRIVATE));
    }

    private Tree parent() {
      return getCurrentPath().getParentPath().getLeaf();
    }

    private void require(String name) {
      TreePath path = getCurrentPath();
      if (docs.getDocComment(path) == null) {
        long line =
            unit.getLineMap()
                .getLineNumber(docs.getSourcePositions().getStartPosition(unit, path.getLeaf()));
        missing.add(unit.getSourceFile().getName() + ":" + line + " " + name);
      }
    }
  }
}
