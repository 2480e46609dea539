package dev.kcm.controllers.auth.rootca;

import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.Reconciler;
import dev.kcm.core.plan.Report;
import dev.kcm.core.plan.Stage;
import dev.kcm.core.plan.Verdict;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Creates the ConfigMap, or puts back what was changed in it, and counts each look at a namespace.
 *
 * <p>Immutable.
 */
final class RootCaReconciler implements Reconciler<RootCaSnapshot> {

  static final String KEY = "ca.crt";
  static final String ANNOTATION = "kubernetes.io/description";

  /** Public text: it stands on the ConfigMap of every namespace. */
  static final String DESCRIPTION =
      "Contains a CA bundle that can be used to verify the kube-apiserver when using internal"
          + " endpoints such as the internal service IP or kubernetes.default.svc. No other usage"
          + " is guaranteed across distributions of Kubernetes clusters.";

  private static final int OK = 200;
  private static final int UNKNOWN = 500;

  @Override
  public Plan decide(RootCaSnapshot snapshot, Instant now) {
    Optional<ConfigMap> published = snapshot.published();
    if (published.isEmpty()) {
      return snapshot.terminating()
          ? counted(OK)
          : Plan.of(creation(snapshot)).then(RootCaReconciler::concluded);
    }
    return isAsItShouldBe(published.get(), data(snapshot))
        ? counted(OK)
        : Plan.of(update(published.get(), snapshot)).then(RootCaReconciler::concluded);
  }

  private static Map<String, String> data(RootCaSnapshot snapshot) {
    return Map.of(KEY, snapshot.config().certificates());
  }

  /** Any description will do, so that users may write a better one. */
  private static boolean isAsItShouldBe(ConfigMap map, Map<String, String> data) {
    Map<String, String> annotations = map.getMetadata().getAnnotations();
    String description = annotations == null ? null : annotations.get(ANNOTATION);
    return data.equals(map.getData()) && description != null && !description.isEmpty();
  }

  private static Action creation(RootCaSnapshot snapshot) {
    return Action.create(
        Kinds.CONFIG_MAPS,
        new ConfigMapBuilder()
            .withNewMetadata()
            .withNamespace(snapshot.namespace())
            .withName(RootCaSnapshot.CONFIG_MAP)
            .withAnnotations(Map.of(ANNOTATION, DESCRIPTION))
            .endMetadata()
            .withData(data(snapshot))
            .build(),
        "the certificates are not published here");
  }

  private static Action update(ConfigMap map, RootCaSnapshot snapshot) {
    return Action.update(
        Kinds.CONFIG_MAPS,
        new ConfigMapBuilder(map)
            .editMetadata()
            .addToAnnotations(ANNOTATION, DESCRIPTION)
            .endMetadata()
            .withData(data(snapshot))
            .build(),
        "the published certificates were changed");
  }

  private static Plan concluded(Report report) {
    Optional<Report.Rejected> failure =
        report.firstRejected().filter(rejected -> !isOfAGoneNamespace(rejected));
    if (failure.isEmpty()) {
      return counted(OK);
    }
    ApiError error = failure.get().error();
    return counted(error.code() == 0 ? UNKNOWN : error.code())
        .ending(Verdict.retry(error.message()));
  }

  private static boolean isOfAGoneNamespace(Report.Rejected rejected) {
    ApiError error = rejected.error();
    return rejected.action() instanceof Action.Create
        && (error.kind() == ApiError.Kind.NOT_FOUND || error.namespaceTerminating());
  }

  private static Plan counted(int code) {
    Map<String, String> labels = Map.of("code", Integer.toString(code));
    return Plan.of(
        Stage.keepGoing(
            List.of(
                new Action.Measure(RootCaMetrics.SYNCS, 1, labels, "a namespace was looked at"),
                Action.Measure.elapsed(
                    RootCaMetrics.DURATION, labels, "a namespace was looked at"))));
  }
}
