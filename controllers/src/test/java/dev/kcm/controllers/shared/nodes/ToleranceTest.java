package dev.kcm.controllers.shared.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.Toleration;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToleranceTest {

  @ParameterizedTest
  @CsvSource({
    "'', LIMITED, 0",
    "nil, FOR_EVER, 0",
    "1 2, LIMITED, 1",
    "2 1, LIMITED, 1",
    "1 nil, LIMITED, 1",
    "nil 1, LIMITED, 1",
    "0 7, LIMITED, 0",
    "-3 7, LIMITED, 0",
    "9223372036854775807, LIMITED, 3155760000",
  })
  @DisplayName("Minimum toleration: none 0, nil for ever, the least of those given")
  void theShortestLimitCounts(String seconds, Tolerance.Kind kind, long least) {
    List<Toleration> used =
        Arrays.stream(seconds.split(" "))
            .filter(s -> !s.isEmpty())
            .map(
                s ->
                    new Toleration("", "k", "Exists", s.equals("nil") ? null : Long.valueOf(s), ""))
            .toList();
    assertThat(Tolerance.shortest(used)).isEqualTo(new Tolerance(kind, Duration.ofSeconds(least)));
  }

  @ParameterizedTest
  @CsvSource({
    "NoExecute, k, Exists, , true",
    "'', k, Exists, , true",
    "NoSchedule, k, Exists, , false",
    "NoExecute, '', Exists, , true",
    "NoExecute, other, Exists, , false",
    "NoExecute, k, , v, true",
    "NoExecute, k, Equal, v, true",
    "NoExecute, k, Equal, w, false",
    "NoExecute, k, '', w, false",
    "NoExecute, k, Exists, w, true",
    "NoExecute, k, Odd, v, false",
  })
  void aTolerationFitsByEffectKeyOperatorAndValue(
      String effect, String key, String operator, String value, boolean fits) {
    Taint taint = new Taint("NoExecute", "k", null, "v");
    assertThat(Tolerance.fits(new Toleration(effect, key, operator, null, value), taint))
        .isEqualTo(fits);
  }

  @Test
  void oneTaintThatIsNotToleratedIsEnough() {
    Taint first = new Taint("NoExecute", "a", null, null);
    Taint second = new Taint("NoExecute", "b", null, null);
    Toleration ofFirst = new Toleration("NoExecute", "a", "Exists", 5L, null);
    assertThat(Tolerance.of(List.of(first, second), List.of(ofFirst)).kind())
        .isEqualTo(Tolerance.Kind.NONE);
    assertThat(Tolerance.of(List.of(first), List.of(ofFirst)).time()).hasSeconds(5);
  }

  @Test
  void theFirstTolerationThatFitsCountsForEachTaint() {
    Taint taint = new Taint("NoExecute", "a", null, null);
    Toleration longer = new Toleration("NoExecute", "a", "Exists", 50L, null);
    Toleration shorter = new Toleration("NoExecute", "a", "Exists", 5L, null);
    assertThat(Tolerance.of(List.of(taint), List.of(longer, shorter)).time()).hasSeconds(50);
  }
}
