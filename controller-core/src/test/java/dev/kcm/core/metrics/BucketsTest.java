package dev.kcm.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

/** Bucket bounds. */
final class BucketsTest {

  @Test
  void growsByMultiplicationWithItsRoundingErrors() {
    assertThat(Buckets.exponential(10e-9, 10, 10))
        .containsExactly(
            1e-8,
            1e-7,
            1e-6,
            9.999999999999999e-06,
            9.999999999999999e-05,
            0.001,
            0.01,
            0.1,
            1,
            10);
  }

  @Test
  void refusesArgumentsThatCannotGrow() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Buckets.exponential(0, 2, 3))
        .withMessageContaining("start > 0");
    assertThatIllegalArgumentException().isThrownBy(() -> Buckets.exponential(1, 1, 3));
    assertThatIllegalArgumentException().isThrownBy(() -> Buckets.exponential(1, 2, 0));
  }

  @Test
  void aBoundKeptInNanosecondsComesBackAsGiven() {
    assertThat(Buckets.asGiven(Buckets.workQueueSeconds(), 1e-5)).isEqualTo(9.999999999999999e-06);
    assertThat(Buckets.asGiven(Buckets.workQueueSeconds(), 0.5)).isEqualTo(0.5);
    assertThat(Buckets.asGiven(Buckets.workQueueSeconds(), Double.POSITIVE_INFINITY))
        .isEqualTo(Double.POSITIVE_INFINITY);
  }
}
