package dev.kcm.controllers.lifecycle.namespace;

import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ApiError.Kind;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.object.ServedResources;
import dev.kcm.core.object.ServedResources.Served;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.PlanText;
import dev.kcm.core.plan.Report.Applied;
import dev.kcm.core.plan.Report.Discovered;
import dev.kcm.core.plan.Report.Found;
import dev.kcm.core.plan.Report.Rejected;
import dev.kcm.core.plan.Report.Result;
import dev.kcm.core.time.VirtualEnvironment;
import dev.kcm.testkit.Rehearsal;
import dev.kcm.testkit.Responder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.NamespaceCondition;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PartialObjectMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The namespace "shop" and a server that does with it what a test says. */
final class ScriptedNamespace implements Responder {

  static final Instant NOW = VirtualEnvironment.seeded(0).wallClock().now();

  private static final Set<String> ALL = Set.of("delete", "deletecollection", "list");

  final List<String> calls = new ArrayList<>();
  Namespace namespace =
      new NamespaceBuilder()
          .withNewMetadata()
          .withName("shop")
          .withUid("u1")
          .withResourceVersion("7")
          .withDeletionTimestamp(NOW.toString())
          .endMetadata()
          .withNewSpec()
          .withFinalizers("kubernetes")
          .endSpec()
          .withNewStatus()
          .withPhase("Terminating")
          .endStatus()
          .build();

  private final Map<String, Served> servedByPlural = new LinkedHashMap<>();
  private final Map<String, List<HasMetadata>> itemsByPlural = new HashMap<>();
  private final Map<String, ApiError> errorByCall = new HashMap<>();
  private final SortedMap<String, String> discoveryFailures = new TreeMap<>();
  private final List<String> unreadable = new ArrayList<>();
  private boolean keeps;

  /** Pods and config maps, and nothing in them. */
  static ScriptedNamespace empty() {
    return new ScriptedNamespace().serving("", "pods", ALL).serving("", "configmaps", ALL);
  }

  ScriptedNamespace serving(String group, String plural, Set<String> verbs) {
    servedByPlural.put(
        plural, new Served(ResourceType.generic(group, "v1", plural, plural, true), verbs));
    return this;
  }

  ScriptedNamespace servingNothing() {
    servedByPlural.clear();
    return this;
  }

  /** An object that goes away when it is deleted, unless it has finalizers. */
  ScriptedNamespace holding(String plural, String name, String... finalizers) {
    PartialObjectMetadata object = new PartialObjectMetadata();
    object.setMetadata(
        new ObjectMetaBuilder()
            .withName(name)
            .withNamespace("shop")
            .withUid("uid-of-" + name)
            .withFinalizers(finalizers)
            .build());
    itemsByPlural.computeIfAbsent(plural, p -> new ArrayList<>()).add(object);
    return this;
  }

  /** A pod that stays for its grace period. */
  ScriptedNamespace holdingPod(String name, long graceSeconds, String phase) {
    Pod pod =
        new PodBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace("shop")
            .endMetadata()
            .withNewSpec()
            .withTerminationGracePeriodSeconds(graceSeconds)
            .endSpec()
            .withNewStatus()
            .withPhase(phase)
            .endStatus()
            .build();
    itemsByPlural.computeIfAbsent("pods", p -> new ArrayList<>()).add(pod);
    keeps = true;
    return this;
  }

  /** What is deleted stays, as if something held it. */
  ScriptedNamespace keepingAll() {
    keeps = true;
    return this;
  }

  /**
   * Refuses a call.
   *
   * @param call as it stands in {@link #calls}
   */
  ScriptedNamespace failing(String call, int code, String message) {
    Kind kind =
        switch (code) {
          case 404 -> Kind.NOT_FOUND;
          case 409 -> Kind.CONFLICT;
          case 500 -> Kind.SERVER_ERROR;
          default -> Kind.OTHER;
        };
    errorByCall.put(call, ApiError.of(kind, code, message));
    return this;
  }

  ScriptedNamespace notDiscovering(String groupVersion, String why) {
    discoveryFailures.put(groupVersion, why);
    return this;
  }

  ScriptedNamespace unreadable(String groupVersion) {
    unreadable.add("unexpected GroupVersion string: " + groupVersion);
    return this;
  }

  Rehearsal run() {
    calls.clear();
    return Rehearsal.of(
        new NamespaceReconciler()
            .decide(new NamespaceSnapshot(new ObjectKey("", "shop")), NOW.plusSeconds(1)),
        this);
  }

  NamespaceCondition condition(String type) {
    return namespace.getStatus().getConditions().stream()
        .filter(condition -> condition.getType().equals(type))
        .findFirst()
        .orElseThrow();
  }

  @Override
  public Result answer(Action action) {
    String call = PlanText.subject(action).replace(" of shop", "");
    calls.add(call);
    ApiError error = errorByCall.get(call);
    return error == null ? success(action) : new Rejected(action, error);
  }

  private Result success(Action action) {
    if (action instanceof Action.Discover) {
      return new Discovered(
          action,
          new ServedResources(List.copyOf(servedByPlural.values()), discoveryFailures, unreadable));
    }
    if (action instanceof Action.FetchAll<?> fetchAll) {
      return new Found(action, itemsByPlural.getOrDefault(fetchAll.type().plural(), List.of()));
    }
    if (action instanceof Action.DeleteAll<?> deleteAll) {
      remove(deleteAll.type().plural(), object -> true);
    } else if (action instanceof Action.Delete<?> delete) {
      remove(delete.type().plural(), object -> object.getMetadata().getUid().equals(delete.uid()));
    } else if (action instanceof Action.Update<?> update) {
      return new Applied(action, stored(update));
    }
    return new Applied(action, action instanceof Action.Fetch ? namespace : null);
  }

  private void remove(String plural, Predicate<HasMetadata> which) {
    itemsByPlural
        .getOrDefault(plural, new ArrayList<>())
        .removeIf(
            object ->
                which.test(object) && !keeps && object.getMetadata().getFinalizers().isEmpty());
  }

  private Namespace stored(Action.Update<?> update) {
    Namespace next = (Namespace) update.object();
    namespace =
        new NamespaceBuilder(update.subresource().equals("status") ? next : namespace)
            .editMetadata()
            .withResourceVersion(namespace.getMetadata().getResourceVersion() + "1")
            .endMetadata()
            .build();
    return namespace;
  }
}
