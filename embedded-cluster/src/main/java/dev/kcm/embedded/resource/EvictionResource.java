package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.resource.ObjectRules.Part;
import dev.kcm.embedded.resource.UpdateRules.Target;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The eviction subresource: deletes a pod if its disruption budget allows it.
 *
 * <p>Thread-safe: without state of its own; the budget is taken with optimistic locking.
 */
final class EvictionResource {

  private static final int MOST_DISRUPTED = 2000;
  private static final int RETRY_SECONDS = 10;

  private final Objects objects;
  private final Decoder decoder;
  private final UpdateRules updates;
  private final DeleteRules deletes;
  private final Clock clock;
  private final Optional<Kind> budgets;

  EvictionResource(
      KindTable kinds,
      Objects objects,
      Decoder decoder,
      UpdateRules updates,
      DeleteRules deletes,
      Clock clock) {
    this.objects = objects;
    this.decoder = decoder;
    this.updates = updates;
    this.deletes = deletes;
    this.clock = clock;
    budgets = kinds.find("policy", "v1", "poddisruptionbudgets");
  }

  /** The older version of the body differs in its name only; clients still send it. */
  private static @Nullable JsonNode current(@Nullable JsonNode body) {
    return body instanceof ObjectNode object
            && object.path("apiVersion").asText().equals("policy/v1beta1")
        ? object.deepCopy().put("apiVersion", "policy/v1")
        : body;
  }

  ApiAnswer evict(ApiRequest request, Kind pods) {
    WriteOptions write = WriteOptions.of(request, "CreateOptions");
    ObjectNode eviction =
        decoder
            .decode("policy/v1", "Eviction", current(request.body()), write.validation())
            .object();
    if (!Meta.name(eviction).equals(request.name())) {
      throw Statuses.badRequest("name in URL does not match name in Eviction object");
    }
    DeleteOptions options = options(eviction, write.dryRun());
    JsonNode pod = objects.require(pods, request.namespace(), request.name()).object();
    if (isFreeToGo(pod)) {
      deletes.delete(pods, request.namespace(), request.name(), options);
    } else {
      evict(pods, pod, options);
    }
    return ApiAnswer.of(201, Statuses.created());
  }

  private static DeleteOptions options(JsonNode eviction, boolean dryRun) {
    DeleteOptions asked = DeleteOptions.of(eviction.path("deleteOptions"));
    return new DeleteOptions(
        asked.gracePeriodSeconds(),
        asked.uid(),
        asked.resourceVersion(),
        asked.propagation(),
        asked.legacyKeepsDependents(),
        asked.dryRun() || dryRun);
  }

  /** Pods that do no work, or go already, need no budget. */
  private static boolean isFreeToGo(JsonNode pod) {
    String phase = pod.path("status").path("phase").asText();
    return List.of("Succeeded", "Failed", "Pending").contains(phase) || Meta.isDeleting(pod);
  }

  private void evict(Kind pods, JsonNode pod, DeleteOptions options) {
    List<JsonNode> matching = budgetsOf(pod);
    if (matching.size() > 1) {
      throw Statuses.unexpected(
          "This pod has more than one PodDisruptionBudget, which the eviction subresource does"
              + " not support.");
    }
    if (!matching.isEmpty() && !mayGoUnhealthy(pod, matching.get(0))) {
      takeBudget(pod, matching.get(0), options.dryRun());
    }
    if (!options.dryRun()) {
      markEvicted(pods, pod);
    }
    deletes.delete(pods, Meta.namespace(pod), Meta.name(pod), options);
  }

  private List<JsonNode> budgetsOf(JsonNode pod) {
    List<JsonNode> matching = new ArrayList<>();
    budgets.ifPresent(
        kind -> {
          for (Map.Entry<String, JsonNode> entry :
              objects.list(kind, Meta.namespace(pod)).entries()) {
            JsonNode selector = entry.getValue().path("spec").path("selector");
            if (ObjectSelector.matches(selector, Meta.labels(pod))) {
              matching.add(entry.getValue());
            }
          }
        });
    return matching;
  }

  /** A pod that is not ready anyway may go, if the budget says so or the others suffice. */
  private static boolean mayGoUnhealthy(JsonNode pod, JsonNode budget) {
    if (isReady(pod)) {
      return false;
    }
    boolean always =
        budget.path("spec").path("unhealthyPodEvictionPolicy").asText().equals("AlwaysAllow");
    long desired = budget.path("status").path("desiredHealthy").asLong();
    return always
        || (desired > 0 && budget.path("status").path("currentHealthy").asLong() >= desired);
  }

  private static boolean isReady(JsonNode pod) {
    for (JsonNode condition : pod.path("status").path("conditions")) {
      if (condition.path("type").asText().equals("Ready")) {
        return condition.path("status").asText().equals("True");
      }
    }
    return false;
  }

  private void takeBudget(JsonNode pod, JsonNode budget, boolean dryRun) {
    Target target =
        new Target(
            budgets.orElseThrow(), Meta.namespace(budget), Meta.name(budget), Part.STATUS, dryRun);
    updates.apply(target, current -> reduced(pod, current));
  }

  private ObjectNode reduced(JsonNode pod, JsonNode budget) {
    checkBudget(budget);
    ObjectNode next = budget.deepCopy();
    ObjectNode status = Trees.child(next, "status");
    status.put("disruptionsAllowed", status.path("disruptionsAllowed").asInt() - 1);
    Trees.child(status, "disruptedPods").put(Meta.name(pod), Meta.time(clock.instant()));
    return next;
  }

  private static void checkBudget(JsonNode budget) {
    String name = Meta.name(budget);
    JsonNode status = budget.path("status");
    if (status.path("observedGeneration").asLong() < Meta.generation(budget)) {
      throw tooMany(
          RETRY_SECONDS,
          "The disruption budget " + name + " is still being processed by the server.");
    }
    int allowed = status.path("disruptionsAllowed").asInt();
    if (allowed < 0) {
      throw forbidden(name, "pdb disruptions allowed is negative");
    }
    if (status.path("disruptedPods").size() > MOST_DISRUPTED) {
      throw forbidden(
          name, "DisruptedPods map too big - too many evictions not confirmed by PDB controller");
    }
    if (allowed == 0) {
      throw tooMany(
          0,
          "The disruption budget "
              + name
              + " needs "
              + status.path("desiredHealthy").asLong()
              + " healthy pods and has "
              + status.path("currentHealthy").asLong()
              + " currently");
    }
  }

  private static StatusException tooMany(int retrySeconds, String cause) {
    return Statuses.withCause(
        Statuses.tooManyRequests(
            "Cannot evict pod as it would violate the pod's disruption budget.", retrySeconds),
        "DisruptionBudget",
        cause);
  }

  private static StatusException forbidden(String name, String why) {
    return Statuses.forbidden("policy", "poddisruptionbudgets", name, why);
  }

  private void markEvicted(Kind pods, JsonNode pod) {
    Target target = new Target(pods, Meta.namespace(pod), Meta.name(pod), Part.STATUS, false);
    updates.apply(
        target,
        current -> {
          ObjectNode next = current.deepCopy();
          Conditions.set(
              Trees.child(next, "status"),
              "DisruptionTarget",
              "True",
              "EvictionByEvictionAPI",
              "Eviction API: evicting",
              clock.instant());
          return next;
        });
  }
}
