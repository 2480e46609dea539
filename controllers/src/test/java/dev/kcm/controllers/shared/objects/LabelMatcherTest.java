package dev.kcm.controllers.shared.objects;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabelMatcherTest {

  private static final Map<String, String> WEB = Map.of("app", "web", "tier", "front");

  @ParameterizedTest(name = "{0} {1} {2}: {3}")
  @CsvSource({
    "app, In, web, true",
    "app, In, other, false",
    "none, In, web, false",
    "app, NotIn, web, false",
    "app, NotIn, other, true",
    "none, NotIn, web, true",
    "app, Exists, , true",
    "none, Exists, , false",
    "app, DoesNotExist, , false",
    "none, DoesNotExist, , true",
  })
  void knowsTheFourOperators(String key, String operator, String value, boolean matches) {
    LabelMatcher matcher = LabelMatcher.of(expression(key, operator, value));
    assertThat(matcher.problem()).isEmpty();
    assertThat(matcher.matches(WEB)).isEqualTo(matches);
  }

  @Test
  void everyRequirementMustHold() {
    LabelSelector both =
        new LabelSelectorBuilder(expression("tier", "In", "front"))
            .withMatchLabels(Map.of("app", "web"))
            .build();
    assertThat(LabelMatcher.of(both).matches(WEB)).isTrue();
    assertThat(LabelMatcher.of(both).matches(Map.of("app", "web"))).isFalse();
  }

  @Test
  void aMissingSelectorMatchesNothingAndAnEmptyOneEverything() {
    assertThat(LabelMatcher.of(null).matches(WEB)).isFalse();
    assertThat(LabelMatcher.of(new LabelSelector()).matches(WEB)).isTrue();
    assertThat(LabelMatcher.of(new LabelSelector()).matches(null)).isTrue();
    assertThat(LabelMatcher.ofLabels(null).isEmpty()).isTrue();
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @CsvSource({
    "app, Near, web",
    "app, In, ",
    "app, Exists, web",
    "-app, Exists, ",
    "a/b/c, Exists, ",
    "Big.Prefix/app, Exists, ",
    "app, In, not valid!",
    "'', Exists, ",
  })
  void saysWhatIsWrongAndMatchesNothing(String key, String operator, String value) {
    LabelMatcher matcher = LabelMatcher.of(expression(key, operator, value));
    assertThat(matcher.problem()).isPresent();
    assertThat(matcher.matches(WEB)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"app", "A.b_c-d", "example.com/app", "a"})
  void takesValidKeys(String key) {
    assertThat(LabelMatcher.of(expression(key, "Exists", null)).problem()).isEmpty();
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource({"web, web-", "web.v1, web.v1-", "Web, Web", "web_1, web_1", "a, a-"})
  void generatesNamesTheServerTakes(String owner, String prefix) {
    assertThat(GenerateName.under(owner)).isEqualTo(prefix);
  }

  @Test
  void theLongestOwnerNameStillGetsADash() {
    assertThat(GenerateName.under("a".repeat(63))).endsWith("-");
  }

  private static LabelSelector expression(String key, String operator, String value) {
    return new LabelSelectorBuilder()
        .addNewMatchExpression()
        .withKey(key)
        .withOperator(operator)
        .withValues(value == null ? List.of() : List.of(value))
        .endMatchExpression()
        .build();
  }
}
