package dev.kcm.testkit.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Holds that each rule of the contract has a test, or says why it has none. */
class ContractCoverageTest {

  private static final String ID = "A([1-9]|1[0-8])\\.[1-9][0-9]?";

  /**
   * One line of the list of rules.
   *
   * @param id chapter and place in it
   * @param level M must, S should, O optional
   * @param about what it is about
   * @param untested why no test of this suite can show it, or empty
   */
  private record Rule(String id, String level, String about, String untested) {}

  @Test
  void everyRuleThatIsNotOptionalHasATestOrAReasonForNone() throws IOException {
    Set<String> shown = shown();

    assertThat(rules())
        .filteredOn(rule -> !rule.level().equals("O") && rule.untested().isEmpty())
        .filteredOn(rule -> !shown.contains(rule.id()))
        .as("rules without a test")
        .isEmpty();
  }

  @Test
  void reasonsForNoTestAreFewAndStandOnlyWhereThereIsNone() throws IOException {
    Set<String> shown = shown();

    assertThat(rules())
        .filteredOn(rule -> !rule.untested().isEmpty())
        .hasSizeLessThanOrEqualTo(3)
        .noneMatch(rule -> shown.contains(rule.id()));
  }

  @Test
  void everyTestBeginsWithRulesOfTheListAndIsTheOnlyOneOfItsName() throws IOException {
    assertThat(titles())
        .doesNotHaveDuplicates()
        .allSatisfy(title -> assertThat(title).matches(ID + "(, " + ID + ")* .+"));
    assertThat(shown())
        .isSubsetOf(rules().stream().map(Rule::id).collect(Collectors.toCollection(TreeSet::new)));
  }

  @Test
  void rulesAreNumberedInTheOrderOfTheirChapters() throws IOException {
    int chapter = 0;
    int place = 0;
    for (Rule rule : rules()) {
      assertThat(rule.level()).as(rule.id()).isIn("M", "S", "O");
      assertThat(rule.about()).as(rule.id()).isNotBlank();
      boolean next = rule.id().equals("A" + (chapter + 1) + ".1");
      chapter = next ? chapter + 1 : chapter;
      place = next ? 1 : place + 1;
      assertThat(rule.id()).isEqualTo("A" + chapter + "." + place);
    }
    assertThat(chapter).isEqualTo(18);
  }

  private static List<Rule> rules() throws IOException {
    try (InputStream file = ApiServerContract.class.getResourceAsStream("rules.tsv")) {
      assertThat(file).isNotNull();
      return new String(file.readAllBytes(), UTF_8)
          .lines()
          .map(line -> line.split("\t", -1))
          .map(part -> new Rule(part[0], part[1], part[2], part.length > 3 ? part[3] : ""))
          .toList();
    }
  }

  private static Set<String> shown() {
    return titles().stream()
        .map(title -> title.replaceFirst("(?<=[0-9]) .*", ""))
        .flatMap(ids -> List.of(ids.split(", ")).stream())
        .collect(Collectors.toCollection(TreeSet::new));
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
