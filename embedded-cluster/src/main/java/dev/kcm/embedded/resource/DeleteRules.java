package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.resource.Kind.Trait;
import dev.kcm.embedded.resource.Objects.Held;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Deletes objects: at once, after a grace period (pods), or when the last finalizer is gone.
 *
 * <p>Thread-safe: without state of its own.
 */
final class DeleteRules {

  private static final String ORPHAN = "orphan";
  private static final String FOREGROUND = "foregroundDeletion";

  private final Objects objects;
  private final Decoder decoder;
  private final Admission admission;
  private final Clock clock;

  DeleteRules(Objects objects, Decoder decoder, Admission admission, Clock clock) {
    this.objects = objects;
    this.decoder = decoder;
    this.admission = admission;
    this.clock = clock;
  }

  ApiAnswer delete(ApiRequest request, Kind kind) {
    DeleteOptions options = DeleteOptions.of(request, decoder);
    admission.onDelete(kind, request.name());
    return delete(kind, request.namespace(), request.name(), options);
  }

  /** Deletes all objects that the selectors of the request choose; answers with their list. */
  ApiAnswer deleteCollection(ApiRequest request, Kind kind, ListRules lists) {
    DeleteOptions options = DeleteOptions.of(request, decoder);
    ApiAnswer list = lists.list(request, kind);
    for (JsonNode item : list.body().path("items")) {
      try {
        delete(kind, Meta.namespace(item), Meta.name(item), options);
      } catch (StatusException e) {
        if (e.code() != 404) {
          throw e;
        }
      }
    }
    return list;
  }

  /** Deletes one object, or starts to. */
  ApiAnswer delete(Kind kind, String namespace, String name, DeleteOptions options) {
    while (true) {
      Held current = objects.require(kind, namespace, name);
      checkPreconditions(kind, current.object(), options);
      ObjectNode next = current.object().deepCopy();
      boolean removable = mark(kind, next, options);
      if (removable) {
        if (options.dryRun() || objects.remove(kind, current)) {
          return ApiAnswer.of(
              200, KindKey.isPod(kind) ? next : Statuses.deleted(kind, current.object()));
        }
      } else {
        JsonNode stored = options.dryRun() ? next : objects.put(kind, current, next);
        if (stored != null) {
          boolean accepted = !options.legacyKeepsDependents().orElse(true);
          return ApiAnswer.of(accepted ? 202 : 200, stored);
        }
      }
    }
  }

  private static void checkPreconditions(Kind kind, JsonNode object, DeleteOptions options) {
    if (!options.uid().isEmpty() && !options.uid().equals(Meta.uid(object))) {
      throw preconditionFailed(
          kind, object, "UID", options.uid(), Meta.uid(object), "deleted and then recreated");
    }
    String version = Meta.resourceVersion(object);
    if (!options.resourceVersion().isEmpty() && !options.resourceVersion().equals(version)) {
      throw preconditionFailed(
          kind, object, "ResourceVersion", options.resourceVersion(), version, "modified");
    }
  }

  private static StatusException preconditionFailed(
      Kind kind, JsonNode object, String what, String asked, String found, String maybe) {
    String why =
        "the "
            + what
            + " in the precondition ("
            + asked
            + ") does not match the "
            + what
            + " in record ("
            + found
            + "). The object might have been "
            + maybe;
    return Statuses.conflict(kind.group(), kind.kind(), Meta.name(object), why);
  }

  /**
   * Marks a copy of the object as deleted as far as the options want it.
   *
   * @return whether nothing holds the object any more
   */
  private boolean mark(Kind kind, ObjectNode object, DeleteOptions options) {
    Meta.setFinalizers(object, finalizers(kind, object, options.propagation()));
    if (KindKey.isNamespace(kind)) {
      return markNamespace(object);
    }
    if (KindKey.isPod(kind)) {
      return markPod(object, options);
    }
    boolean held = !Meta.finalizers(object).isEmpty();
    if (held && !Meta.isDeleting(object)) {
      markDeleted(object, clock.instant(), 0);
    }
    return !held;
  }

  private boolean markNamespace(ObjectNode namespace) {
    boolean held = !isFinished(namespace);
    if (held && !Meta.isDeleting(namespace)) {
      Meta.of(namespace).put("deletionTimestamp", Meta.time(clock.instant()));
      Trees.child(namespace, "status").put("phase", "Terminating");
    }
    return !held;
  }

  private static boolean isFinished(JsonNode namespace) {
    return Meta.finalizers(namespace).isEmpty()
        && namespace.path("spec").path("finalizers").isEmpty();
  }

  private boolean markPod(ObjectNode pod, DeleteOptions options) {
    boolean held = !Meta.finalizers(pod).isEmpty();
    if (Meta.isDeleting(pod)) {
      long left = Meta.gracePeriod(pod);
      Long asked = options.gracePeriodSeconds();
      long wanted = asked == null ? left : clip(asked);
      if (left > 0 && wanted >= left) {
        return false;
      }
      if (left > 0) {
        shorten(pod, left, wanted);
      }
      return Meta.gracePeriod(pod) == 0 && !held;
    }
    long grace = grace(pod, options);
    if (grace == 0 && !held) {
      return true;
    }
    markDeleted(pod, clock.instant().plusSeconds(grace), grace);
    return false;
  }

  private static void shorten(ObjectNode pod, long left, long wanted) {
    Instant until = Instant.parse(Meta.text(pod, "deletionTimestamp"));
    Meta.of(pod)
        .put("deletionTimestamp", Meta.time(until.minusSeconds(left).plusSeconds(wanted)))
        .put("deletionGracePeriodSeconds", wanted);
  }

  private static void markDeleted(ObjectNode object, Instant when, long grace) {
    Meta.of(object)
        .put("deletionTimestamp", Meta.time(when))
        .put("deletionGracePeriodSeconds", grace);
    Meta.bumpGeneration(object);
  }

  private static long grace(JsonNode pod, DeleteOptions options) {
    Long wanted = options.gracePeriodSeconds();
    long grace =
        wanted != null ? wanted : pod.path("spec").path("terminationGracePeriodSeconds").asLong(0);
    String phase = pod.path("status").path("phase").asText();
    boolean nothingRuns =
        pod.path("spec").path("nodeName").asText("").isEmpty()
            || phase.equals("Succeeded")
            || phase.equals("Failed");
    return nothingRuns ? 0 : clip(grace);
  }

  private static long clip(long grace) {
    return grace < 0 ? 1 : Math.min(grace, Integer.MAX_VALUE);
  }

  private static List<String> finalizers(Kind kind, JsonNode object, String propagation) {
    List<String> present = Meta.finalizers(object);
    List<String> wanted = new ArrayList<>(present);
    String policy = propagation;
    boolean chosen = present.contains(ORPHAN) || present.contains(FOREGROUND);
    if (policy.isEmpty() && !chosen) {
      policy = kind.has(Trait.ORPHANS_BY_DEFAULT) ? "Orphan" : "Background";
    }
    if (policy.isEmpty()) {
      return present;
    }
    Map.of("Orphan", ORPHAN, "Foreground", FOREGROUND).forEach(choose(policy, wanted));
    return wanted;
  }

  private static BiConsumer<String, String> choose(String policy, List<String> finalizers) {
    return (name, finalizer) -> {
      if (!policy.equals(name)) {
        finalizers.remove(finalizer);
      } else if (!finalizers.contains(finalizer)) {
        finalizers.add(finalizer);
      }
    };
  }

  /** Whether an update has taken away the last thing that held a deleted object. */
  static boolean isFinished(Kind kind, JsonNode object) {
    if (!Meta.isDeleting(object) || !Meta.finalizers(object).isEmpty()) {
      return false;
    }
    if (KindKey.isNamespace(kind)) {
      return isFinished(object);
    }
    return Meta.gracePeriod(object) == 0;
  }
}
