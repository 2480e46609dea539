package dev.kcm.core.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kcm.core.object.ApiError.Kind;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.run.ScriptedApi;
import dev.kcm.core.time.VirtualEnvironment;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceAttributes;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewStatusBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class AccessReviewTest {

  private final VirtualEnvironment environment = VirtualEnvironment.seeded(1);
  private final List<String> asked = new ArrayList<>();

  /** A server that allows some verbs; it answers into the object it was sent. */
  private ScriptedApi allowing(Set<String> verbs, String reason) {
    ScriptedApi api = ScriptedApi.on(environment);
    return api.observing(
        request -> {
          api.objects().clear();
          SelfSubjectAccessReview review = (SelfSubjectAccessReview) request.body();
          ResourceAttributes about = review.getSpec().getResourceAttributes();
          asked.add(
              String.join(
                  " ",
                  about.getVerb(),
                  about.getGroup() + "/" + about.getVersion(),
                  about.getResource(),
                  about.getNamespace()));
          review.setStatus(
              new SubjectAccessReviewStatusBuilder()
                  .withAllowed(verbs.contains(about.getVerb()))
                  .withReason(verbs.contains(about.getVerb()) ? "allowed by role x" : reason)
                  .build());
        });
  }

  private Optional<String> missing(ApiClient api, ResourceType<?> type, String namespace) {
    var answer = AccessReview.missing(api, type, namespace, List.of("list", "watch"));
    environment.run();
    return answer.join();
  }

  @Test
  void saysNothingWhenNothingIsMissing() {
    ScriptedApi api = allowing(Set.of("list", "watch"), "");

    assertThat(missing(api, ResourceType.of(Pod.class), "")).isEmpty();
    assertThat(api.requests())
        .extracting(ScriptedApi.Request::resource)
        .containsOnly("selfsubjectaccessreviews.authorization.k8s.io");
    assertThat(asked).containsExactlyInAnyOrder("list /v1 pods ", "watch /v1 pods ");
  }

  @Test
  void namesWhatIsMissingAndTheRuleThatGrantsIt() {
    assertThat(missing(allowing(Set.of(), ""), ResourceType.of(Pod.class), ""))
        .hasValue(
            "may not list, watch pods: grant apiGroups [\"\"], resources [\"pods\"],"
                + " verbs [\"list\", \"watch\"] by a ClusterRole");
    assertThat(
            missing(
                allowing(Set.of("list"), "no rule matches"),
                ResourceType.of(Deployment.class),
                "shop"))
        .hasValue(
            "may not watch deployments.apps in namespace shop (no rule matches):"
                + " grant apiGroups [\"apps\"], resources [\"deployments\"],"
                + " verbs [\"watch\"] by a Role of the namespace");
  }

  @Test
  void aQuestionWithoutAnswerFails() {
    ScriptedApi api = allowing(Set.of(), "").rejecting("create", ScriptedApi.error(Kind.BROKEN));

    assertThatThrownBy(() -> missing(api, ResourceType.of(Pod.class), ""))
        .isInstanceOf(CompletionException.class)
        .hasRootCauseInstanceOf(ApiException.class);
  }
}
