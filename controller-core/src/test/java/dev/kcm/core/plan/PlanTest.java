package dev.kcm.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ApiError.Kind;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.plan.Report.Applied;
import dev.kcm.core.plan.Report.Rejected;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlanTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Action COUNT = new Action.Measure("m", 1, Map.of(), "counted");

  @Test
  void aPlanWithNothingInItIsNothingHoweverItWasMade() {
    assertThat(Plan.of(List.of())).isEqualTo(Plan.NOTHING);
    assertThat(Plan.of(Optional.empty())).isEqualTo(Plan.NOTHING);
    assertThat(Plan.of(Stage.parallel(List.of()), Stage.slowStart(List.of())))
        .isEqualTo(Plan.NOTHING);
    assertThat(new Plan(List.of(Stage.keepGoing(List.of())), null, Verdict.DONE).isNothing())
        .isTrue();
  }

  @Test
  void listsAndOptionalsOfActionsBecomeAPlan() {
    assertThat(Plan.of(List.of(COUNT))).isEqualTo(Plan.of(COUNT));
    assertThat(Plan.of(Optional.of(COUNT))).isEqualTo(Plan.of(COUNT));
    assertThat(Plan.of(Stage.keepGoing(List.of()), Stage.parallel(List.of(COUNT))).stages())
        .containsExactly(Stage.parallel(List.of(COUNT)));
    assertThat(Plan.of(List.of()).ending(Verdict.retry("why")).isNothing()).isFalse();
  }

  @Test
  void aTimeThatHasPassedMeansAtOnce() {
    assertThat(Verdict.at(NOW.plusSeconds(90), NOW))
        .isEqualTo(Verdict.after(Duration.ofSeconds(90)));
    assertThat(Verdict.at(NOW.minusSeconds(1), NOW)).isEqualTo(Verdict.after(Duration.ZERO));
  }

  @Test
  void aRetryKeepsTheTimeTheServerAskedFor() {
    Duration wait = Duration.ofSeconds(7);
    ApiError busy = new ApiError(Kind.TOO_MANY_REQUESTS, 429, "", "slow down", List.of(), wait);

    assertThat(Verdict.retry(busy)).isEqualTo(new Verdict.Retry("slow down", wait));
    assertThat(Verdict.retry(ApiError.of(Kind.CONFLICT, 409, "changed")))
        .isEqualTo(Verdict.retry("changed"));
    assertThat(PlanText.of(Verdict.retry(busy)))
        .isEqualTo("verdict: failed, retry after 7000 ms: slow down");
  }

  @Test
  void aReviewHasNoName() {
    SubjectAccessReview review =
        new SubjectAccessReviewBuilder().withNewMetadata().endMetadata().build();
    assertThat(
            PlanText.of(
                Action.create(ResourceType.of(SubjectAccessReview.class), review, "may they")))
        .isEqualTo("create subjectaccessreviews.authorization.k8s.io: may they");
  }

  @Test
  void aReportTellsWhatWasDeletedFromWhatWasGoneAlready() {
    ResourceType<Pod> pods = ResourceType.of(Pod.class);
    Action.Delete<Pod> first =
        new Action.Delete<>(
            pods, new ObjectKey("n", "a"), "u", null, null, null, false, "too many pods");
    Action.Delete<Pod> second =
        new Action.Delete<>(
            pods, new ObjectKey("n", "b"), "u", null, null, null, false, "too many pods");
    Report report =
        new Report(
            List.of(new Applied(first, null), Applied.gone(second), new Applied(COUNT, null)));

    assertThat(report.allApplied()).isTrue();
    assertThat(report.deleted()).extracting(Applied::action).containsExactly(first);
    assertThat(
            new Report(List.of(new Rejected(first, ApiError.of(Kind.CONFLICT, 409, "")))).deleted())
        .isEmpty();
  }
}
