package dev.kcm.controllers.lifecycle.namespace;

import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.ServedResources.Served;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.Report;
import dev.kcm.core.plan.Report.Found;
import dev.kcm.core.plan.Report.Rejected;
import dev.kcm.core.plan.Report.Result;
import dev.kcm.core.plan.Stage;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PartialObjectMetadata;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Deletes all objects of some resources in a namespace, and looks what is left: with one request
 * for each resource where the server knows such requests, one by one where it does not.
 *
 * <p>Immutable.
 */
final class Sweep {

  private static final String WHY = "the namespace is being deleted";
  private static final String LOOK = "is anything left";

  private final String namespace;
  private final List<Served> resources;
  private final long graceSeconds;

  /**
   * A sweep.
   *
   * @param graceSeconds how long objects may take to end by themselves
   */
  Sweep(String namespace, List<Served> resources, long graceSeconds) {
    this.namespace = namespace;
    this.resources = List.copyOf(resources);
    this.graceSeconds = graceSeconds;
  }

  /** The plan; {@code next} goes on with what was found, added to what was known. */
  Plan plan(Findings known, Function<Findings, Plan> next) {
    return Plan.of(
            Stage.parallel(
                resources.stream()
                    .filter(resource -> resource.can("deletecollection"))
                    .map(this::deletion)
                    .toList()),
            looks(resources))
        .then(report -> swept(resultByAction(report), known, next));
  }

  private Action.DeleteAll<PartialObjectMetadata> deletion(Served resource) {
    return Action.deleteAll(resource.type().metadataOnly(), namespace, WHY);
  }

  private Action.FetchAll<PartialObjectMetadata> look(Served resource) {
    return Action.fetchAll(resource.type().metadataOnly(), namespace, LOOK);
  }

  private Stage looks(List<Served> at) {
    return Stage.parallel(
        at.stream().filter(resource -> resource.can("list")).map(this::look).toList());
  }

  private Plan swept(Map<Action, Result> results, Findings known, Function<Findings, Plan> next) {
    Findings findings = known;
    Map<Served, List<HasMetadata>> oneByOne = new LinkedHashMap<>();
    for (Served resource : resources) {
      Result deletion = results.get(deletion(resource));
      ApiError refusal = refusal(deletion);
      Result look = results.get(look(resource));
      if (refusal != null && !isUnsupported(refusal)) {
        findings = findings.failing(refusal.message());
      } else if ((deletion == null || refusal != null) && look instanceof Found found) {
        oneByOne.put(resource, found.items());
      } else {
        findings = looked(findings, resource, look);
      }
    }
    oneByOne.values().removeIf(List::isEmpty);
    return oneByOne.isEmpty() ? next.apply(findings) : oneByOne(oneByOne, findings, next);
  }

  private Plan oneByOne(
      Map<Served, List<HasMetadata>> items, Findings known, Function<Findings, Plan> next) {
    Map<Served, List<Action>> deletions = new LinkedHashMap<>();
    items.forEach(
        (resource, objects) ->
            deletions.put(
                resource, objects.stream().map(object -> deletion(resource, object)).toList()));
    return Plan.of(
            Stage.parallel(deletions.values().stream().flatMap(List::stream).toList()),
            looks(List.copyOf(items.keySet())))
        .then(
            report -> {
              Map<Action, Result> results = resultByAction(report);
              Findings findings = known;
              for (Map.Entry<Served, List<Action>> entry : deletions.entrySet()) {
                findings = deletedOneByOne(findings, entry.getKey(), entry.getValue(), results);
              }
              return next.apply(findings);
            });
  }

  private Action deletion(Served resource, HasMetadata object) {
    return new Action.Delete<>(
        resource.type().metadataOnly(),
        ObjectKey.of(object),
        object.getMetadata().getUid(),
        null,
        null,
        "Background",
        false,
        WHY);
  }

  private Findings deletedOneByOne(
      Findings known, Served resource, List<Action> deletions, Map<Action, Result> results) {
    for (Action deletion : deletions) {
      ApiError refusal = refusal(results.get(deletion));
      if (refusal != null && !isUnsupported(refusal) && !isConflict(refusal)) {
        return known.failing(refusal.message());
      }
    }
    return looked(known, resource, results.get(look(resource)));
  }

  private Findings looked(Findings known, Served resource, @Nullable Result look) {
    ApiError refusal = refusal(look);
    if (refusal != null && !isUnsupported(refusal)) {
      return known.failing(refusal.message());
    }
    return look instanceof Found found && !found.items().isEmpty()
        ? known.left(namespace, resource.type(), found.items(), graceSeconds)
        : known;
  }

  private static @Nullable ApiError refusal(@Nullable Result result) {
    return result instanceof Rejected rejected ? rejected.error() : null;
  }

  /** The resource knows no such request, or is not there any more. */
  private static boolean isUnsupported(ApiError error) {
    return error.code() == 404 || error.code() == 405;
  }

  /** Another object has taken the name; the look that follows sees it. */
  private static boolean isConflict(ApiError error) {
    return error.kind() == ApiError.Kind.CONFLICT;
  }

  private static Map<Action, Result> resultByAction(Report report) {
    Map<Action, Result> results = new HashMap<>();
    report.results().forEach(result -> results.put(result.action(), result));
    return results;
  }

  /** The resources of a namespace that can be emptied. */
  static List<Served> deletable(List<Served> resources) {
    List<Served> deletable = new ArrayList<>();
    for (Served resource : resources) {
      if (resource.type().namespaced() && resource.can("delete")) {
        deletable.add(resource);
      }
    }
    return deletable;
  }
}
