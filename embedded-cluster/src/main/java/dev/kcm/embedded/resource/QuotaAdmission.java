package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.resource.Objects.Held;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Charges new objects to the quotas of their namespace, and refuses those that exceed one. A quota
 * counts from the moment its controller has shown its limits in the status; what is deleted is
 * given back by the controller, too.
 *
 * <p>Thread-safe: a quota is charged by compare-and-set.
 */
final class QuotaAdmission {

  private final Objects objects;
  private final Optional<Kind> quotas;

  QuotaAdmission(Objects objects, Optional<Kind> quotas) {
    this.objects = objects;
    this.quotas = quotas;
  }

  /** Charges an object that is about to be stored. */
  void charge(Kind kind, JsonNode object, boolean dryRun) {
    if (quotas.isEmpty() || !kind.namespaced()) {
      return;
    }
    Kind quotaKind = quotas.get();
    for (Map.Entry<String, JsonNode> entry :
        objects.list(quotaKind, Meta.namespace(object)).entries()) {
      if (covers(entry.getValue(), kind, object)) {
        charge(quotaKind, Meta.name(entry.getValue()), kind, object, dryRun);
      }
    }
  }

  private void charge(Kind quotaKind, String name, Kind kind, JsonNode object, boolean dryRun) {
    boolean charged = false;
    while (!charged) {
      Held quota = objects.get(quotaKind, Meta.namespace(object), name);
      if (quota == null) {
        return;
      }
      ObjectNode next = charged(quota.object(), kind, object);
      charged = dryRun || objects.put(quotaKind, quota, next) != null;
    }
  }

  private static ObjectNode charged(JsonNode quota, Kind kind, JsonNode object) {
    JsonNode hard = quota.path("status").path("hard");
    requireSaid(quota, hard, kind, object);
    Map<String, BigDecimal> usage = new TreeMap<>(QuotaUsage.of(kind, object));
    usage.keySet().removeIf(resource -> !hard.has(resource));
    requireRoom(quota, hard, usage, kind, object);
    ObjectNode next = quota.deepCopy();
    ObjectNode used = Trees.child(Trees.child(next, "status"), "used");
    usage.forEach(
        (resource, amount) -> {
          String before = used.path(resource).asText("0");
          String form = before.equals("0") ? hard.path(resource).asText() : before;
          used.put(resource, Amounts.format(Amounts.parse(before).add(amount), form));
        });
    return next;
  }

  private static void requireSaid(JsonNode quota, JsonNode hard, Kind kind, JsonNode object) {
    String missing =
        KindKey.isPod(kind) ? QuotaUsage.missing(names(hard), object.path("spec")) : "";
    if (!missing.isEmpty()) {
      throw Statuses.forbidden(
          kind,
          Meta.name(object),
          "failed quota: " + Meta.name(quota) + ": must specify " + missing);
    }
  }

  private static void requireRoom(
      JsonNode quota, JsonNode hard, Map<String, BigDecimal> usage, Kind kind, JsonNode object) {
    JsonNode used = quota.path("status").path("used");
    List<String> requested = new ArrayList<>();
    List<String> present = new ArrayList<>();
    List<String> limits = new ArrayList<>();
    usage.forEach(
        (resource, amount) -> {
          String limit = hard.path(resource).asText();
          String before = used.path(resource).asText("0");
          if (Amounts.parse(before).add(amount).compareTo(Amounts.parse(limit)) > 0) {
            requested.add(resource + "=" + Amounts.format(amount, limit));
            present.add(resource + "=" + before);
            limits.add(resource + "=" + limit);
          }
        });
    if (!requested.isEmpty()) {
      throw Statuses.forbidden(
          kind,
          Meta.name(object),
          "exceeded quota: %s, requested: %s, used: %s, limited: %s"
              .formatted(
                  Meta.name(quota),
                  String.join(",", requested),
                  String.join(",", present),
                  String.join(",", limits)));
    }
  }

  /** Whether the quota limits anything that the object uses, in all of its scopes. */
  private static boolean covers(JsonNode quota, Kind kind, JsonNode object) {
    JsonNode hard = quota.path("status").path("hard");
    boolean limits = QuotaUsage.of(kind, object).keySet().stream().anyMatch(hard::has);
    boolean speaks =
        KindKey.isPod(kind) && !QuotaUsage.missing(names(hard), object.path("spec")).isEmpty();
    return (limits || speaks) && inScopes(quota.path("spec"), kind, object);
  }

  private static Set<String> names(JsonNode hard) {
    Set<String> names = new TreeSet<>();
    hard.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static boolean inScopes(JsonNode spec, Kind kind, JsonNode object) {
    JsonNode expressions = spec.path("scopeSelector").path("matchExpressions");
    if (spec.path("scopes").isEmpty() && expressions.isEmpty()) {
      return true;
    }
    if (!KindKey.isPod(kind)) {
      return false;
    }
    for (JsonNode scope : spec.path("scopes")) {
      if (!inScope(scope.asText(), object)) {
        return false;
      }
    }
    for (JsonNode expression : expressions) {
      if (!fits(expression, object)) {
        return false;
      }
    }
    return true;
  }

  private static boolean inScope(String scope, JsonNode pod) {
    boolean ends = pod.path("spec").hasNonNull("activeDeadlineSeconds");
    boolean bestEffort = PodQuality.of(pod).equals("BestEffort");
    return switch (scope) {
      case "Terminating" -> ends;
      case "NotTerminating" -> !ends;
      case "BestEffort" -> bestEffort;
      case "NotBestEffort" -> !bestEffort;
      case "PriorityClass" -> pod.path("spec").has("priorityClassName");
      default -> false;
    };
  }

  private static boolean fits(JsonNode expression, JsonNode pod) {
    String scope = expression.path("scopeName").asText();
    if (!scope.equals("PriorityClass")) {
      return inScope(scope, pod);
    }
    String name = pod.path("spec").path("priorityClassName").asText("");
    boolean listed = Trees.textList(expression.path("values")).contains(name);
    return switch (expression.path("operator").asText()) {
      case "In" -> listed;
      case "NotIn" -> !listed;
      case "Exists" -> !name.isEmpty();
      case "DoesNotExist" -> name.isEmpty();
      default -> false;
    };
  }
}
