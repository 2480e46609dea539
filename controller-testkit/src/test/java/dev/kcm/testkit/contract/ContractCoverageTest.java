package dev.kcm.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Holds that the contract has tests for all of its chapters, and says which. */
class ContractCoverageTest {

  private static final int CHAPTERS = 18;

  @Test
  void everyChapterHasTests() {
    Set<Integer> covered =
        titles().stream()
            .map(title -> Integer.valueOf(title.substring(1, title.indexOf(' '))))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(covered)
        .containsExactlyElementsOf(IntStream.rangeClosed(1, CHAPTERS).boxed().toList());
  }

  @Test
  void everyTestNamesItsChapterFirstAndIsTheOnlyOneOfItsName() {
    assertThat(titles())
        .doesNotHaveDuplicates()
        .allSatisfy(title -> assertThat(title).matches("A([1-9]|1[0-8]) .+"));
  }

  private static List<String> titles() {
    List<String> titles = new ArrayList<>();
    for (Class<?> chapter : ApiServerContract.class.getDeclaredClasses()) {
      assertThat(chapter).hasAnnotation(Nested.class);
      for (Method method : chapter.getSuperclass().getDeclaredMethods()) {
        if (method.isAnnotationPresent(Test.class)) {
          titles.add(method.getAnnotation(DisplayName.class).value());
        }
      }
    }
    assertThat(titles).hasSizeGreaterThan(150);
    return titles;
  }
}
