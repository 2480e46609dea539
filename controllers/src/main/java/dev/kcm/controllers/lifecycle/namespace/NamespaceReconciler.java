package dev.kcm.controllers.lifecycle.namespace;

import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.controllers.shared.objects.Timestamps;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.object.ServedResources;
import dev.kcm.core.object.ServedResources.Served;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.Reconciler;
import dev.kcm.core.plan.Report;
import dev.kcm.core.plan.Report.Applied;
import dev.kcm.core.plan.Report.Discovered;
import dev.kcm.core.plan.Report.Found;
import dev.kcm.core.plan.Report.Rejected;
import dev.kcm.core.plan.Report.Result;
import dev.kcm.core.plan.Verdict;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.NamespaceCondition;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Empties a namespace that is being deleted, and releases it when nothing is left: look at it, ask
 * what can be in it, delete the pods, delete the rest, say how far it came, release.
 *
 * <p>Immutable.
 */
final class NamespaceReconciler implements Reconciler<NamespaceSnapshot> {

  /** The finalizer that stands for this controller, in the spec. */
  static final String FINALIZER = "kubernetes";

  static final String TERMINATING = "Terminating";

  private static final ResourceType<Pod> PODS = ResourceType.of(Pod.class);

  @Override
  public Plan decide(NamespaceSnapshot snapshot, Instant now) {
    return Plan.of(Action.fetch(Kinds.NAMESPACES, snapshot.key(), "is it being deleted"))
        .then(report -> withNamespace(report, namespace -> seen(namespace, now)));
  }

  /** Goes on with the namespace the server answered with; one that is gone is done. */
  private static Plan withNamespace(Report report, Function<Namespace, Plan> next) {
    Result result = report.results().get(0);
    if (result instanceof Rejected rejected) {
      return rejected.error().kind() == ApiError.Kind.NOT_FOUND
          ? Plan.NOTHING
          : Plan.verdict(Verdict.retry(rejected.error()));
    }
    return result instanceof Applied applied && applied.answer() instanceof Namespace namespace
        ? next.apply(namespace)
        : Plan.verdict(Verdict.retry("the server answered without a namespace"));
  }

  private static Plan seen(Namespace namespace, Instant now) {
    if (namespace.getMetadata().getDeletionTimestamp() == null) {
      return Plan.NOTHING;
    }
    if (namespace.getStatus() != null && TERMINATING.equals(namespace.getStatus().getPhase())) {
      return marked(namespace, now);
    }
    Namespace terminating =
        new NamespaceBuilder(namespace)
            .editOrNewStatus()
            .withPhase(TERMINATING)
            .endStatus()
            .build();
    return Plan.of(Action.updateStatus(Kinds.NAMESPACES, terminating, "it is being deleted"))
        .then(report -> withNamespace(report, written -> marked(written, now)));
  }

  private static Plan marked(Namespace namespace, Instant now) {
    if (namespace.getMetadata().getDeletionTimestamp() == null || finalizers(namespace).isEmpty()) {
      return Plan.NOTHING;
    }
    return Plan.of(Action.discover("what can be in it"))
        .then(report -> discovered(namespace, report.results().get(0), now));
  }

  private static List<String> finalizers(Namespace namespace) {
    return namespace.getSpec() == null ? List.of() : namespace.getSpec().getFinalizers();
  }

  private static Plan discovered(Namespace namespace, Result answer, Instant now) {
    if (answer instanceof Rejected rejected) {
      return told(namespace, Findings.withoutResources(rejected.error().message()), now);
    }
    ServedResources served =
        answer instanceof Discovered discovered
            ? discovered.served()
            : new ServedResources(List.of(), new TreeMap<>(), List.of());
    List<Served> deletable = Sweep.deletable(served.resources());
    if (deletable.isEmpty()) {
      // Whoever releases a namespace because nothing is known of it loses what is in it.
      return told(namespace, Findings.withoutResources("the server names no resources"), now);
    }
    return pods(namespace, deletable, Findings.of(served), now);
  }

  private static Plan pods(
      Namespace namespace, List<Served> deletable, Findings findings, Instant now) {
    String name = namespace.getMetadata().getName();
    Optional<Served> pods =
        deletable.stream()
            .filter(resource -> resource.type().qualifiedPlural().equals(PODS.plural()))
            .findFirst();
    if (pods.isEmpty()) {
      return rest(namespace, deletable, findings, now);
    }
    return Plan.of(Action.fetchAll(PODS, name, "how long pods may take to end"))
        .then(
            report -> {
              if (report.results().get(0) instanceof Rejected rejected) {
                return rest(
                    namespace, deletable, findings.failing(rejected.error().message()), now);
              }
              long grace = graceSeconds(namespace, report, now);
              return new Sweep(name, List.of(pods.get()), grace)
                  .plan(findings, found -> rest(namespace, deletable, found, now));
            });
  }

  /** The longest of the pods that still run; 0 once so much time has passed since the deletion. */
  private static long graceSeconds(Namespace namespace, Report report, Instant now) {
    long longest = 0;
    if (report.results().get(0) instanceof Found found) {
      for (HasMetadata object : found.items()) {
        longest = Math.max(longest, object instanceof Pod pod ? graceSeconds(pod) : 0);
      }
    }
    Instant deleted = Timestamps.parse(namespace.getMetadata().getDeletionTimestamp()).orElse(now);
    return Duration.between(deleted, now).toSeconds() >= longest ? 0 : longest;
  }

  private static long graceSeconds(Pod pod) {
    String phase = pod.getStatus() == null ? "" : pod.getStatus().getPhase();
    boolean over = "Succeeded".equals(phase) || "Failed".equals(phase);
    Long grace = pod.getSpec() == null ? null : pod.getSpec().getTerminationGracePeriodSeconds();
    return over || grace == null ? 0 : grace;
  }

  /** Everything but pods, once no pod is left: what they use must not go away under them. */
  private static Plan rest(
      Namespace namespace, List<Served> deletable, Findings findings, Instant now) {
    if (!findings.remaining().isEmpty()) {
      return told(namespace, findings, now);
    }
    List<Served> others =
        deletable.stream()
            .filter(resource -> !resource.type().qualifiedPlural().equals(PODS.plural()))
            .toList();
    return new Sweep(namespace.getMetadata().getName(), others, 0)
        .plan(findings, found -> told(namespace, found, now));
  }

  /** Says in the conditions how far it came; whether that could be written changes nothing. */
  private static Plan told(Namespace namespace, Findings findings, Instant now) {
    List<NamespaceCondition> current =
        namespace.getStatus() == null ? List.of() : namespace.getStatus().getConditions();
    List<NamespaceCondition> next = NamespaceConditions.after(current, findings, now);
    if (next.equals(current)) {
      return concluded(namespace, findings);
    }
    Namespace telling =
        new NamespaceBuilder(namespace).editOrNewStatus().withConditions(next).endStatus().build();
    return Plan.of(Action.updateStatus(Kinds.NAMESPACES, telling, "how far the deletion came"))
        .then(
            report ->
                concluded(
                    report.results().get(0) instanceof Applied applied
                            && applied.answer() instanceof Namespace written
                        ? written
                        : namespace,
                    findings));
  }

  private static Plan concluded(Namespace namespace, Findings findings) {
    if (findings.hasFailed()) {
      return Plan.verdict(
          Verdict.retry(
              "deletion of namespace %s failed: %s"
                  .formatted(namespace.getMetadata().getName(), findings.errorText())));
    }
    if (findings.estimateSeconds() > 0) {
      return Plan.verdict(Verdict.after(Duration.ofSeconds(findings.estimateSeconds() / 2 + 1)));
    }
    return Plan.of(release(namespace)).then(report -> withNamespace(report, gone -> Plan.NOTHING));
  }

  private static Action release(Namespace namespace) {
    List<String> others =
        finalizers(namespace).stream()
            .filter(finalizer -> !finalizer.equals(FINALIZER))
            .distinct()
            .sorted()
            .toList();
    return new Action.Update<>(
        Kinds.NAMESPACES,
        new NamespaceBuilder(namespace)
            .editOrNewSpec()
            .withFinalizers(others)
            .endSpec()
            .withStatus(null)
            .build(),
        "finalize",
        "nothing is left in it");
  }
}
