package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.resource.ObjectRules.Part;
import dev.kcm.embedded.resource.UpdateRules.Target;
import dev.kcm.embedded.store.CompactedException;
import dev.kcm.embedded.store.StoreEvent;
import dev.kcm.embedded.store.Subscription;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the kinds that CustomResourceDefinitions define, from the moment one is stored until its
 * last object is gone.
 *
 * <p>Thread-safe: changes of definitions are handled one at a time, on the threads of their
 * writers; {@code ending} is a concurrent map.
 */
final class CustomResources implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(CustomResources.class);
  private static final String CLEANUP = "customresourcecleanup.apiextensions.k8s.io";

  private final KindTable builtIn;
  private final ServedKinds served;
  private final @Nullable Kind definitions;
  private final Objects objects;
  private final UpdateRules updates;
  private final DeleteRules deletes;
  private final Watches watches;
  private final Clock clock;

  /** What is watched until the last object of a definition is gone, by name of the definition. */
  private final Map<String, Subscription> ending = new ConcurrentHashMap<>();

  /** Set once by {@link #start}. */
  private volatile @Nullable Subscription following;

  CustomResources(
      ServedKinds served,
      Objects objects,
      UpdateRules updates,
      DeleteRules deletes,
      Watches watches,
      Clock clock) {
    this.served = served;
    this.objects = objects;
    this.updates = updates;
    this.deletes = deletes;
    this.watches = watches;
    this.clock = clock;
    builtIn = served.current();
    definitions =
        builtIn.find("apiextensions.k8s.io", "v1", "customresourcedefinitions").orElse(null);
  }

  void start() {
    if (definitions == null) {
      return;
    }
    Kind kind = definitions;
    try {
      following =
          objects
              .store()
              .follow(
                  Objects.resource(kind),
                  objects.store().revision(),
                  event -> onDefinition(kind, event));
    } catch (CompactedException e) {
      throw new IllegalStateException("the present cannot be compacted", e);
    }
    takeOver(kind);
  }

  /** Serves the definitions of an earlier life of the store. */
  private void takeOver(Kind definitions) {
    List<JsonNode> known =
        objects.list(definitions, "").entries().stream().map(Map.Entry::getValue).toList();
    if (!known.isEmpty()) {
      serve(definitions);
      known.stream().filter(Meta::isDeleting).forEach(definition -> empty(definitions, definition));
    }
  }

  private void onDefinition(Kind definitions, StoreEvent event) {
    try {
      serve(definitions);
      JsonNode definition = event.after();
      if (definition == null) {
        forget(event.object());
      } else if (Meta.isDeleting(definition)) {
        empty(definitions, definition);
      } else {
        establish(definitions, definition);
      }
    } catch (RuntimeException e) {
      LOG.error("the definition {} could not be served", event.key(), e);
    }
  }

  /** Serves the kinds of all definitions whose names are free. */
  private void serve(Kind definitions) {
    Map<Kind, JsonNode> custom = new LinkedHashMap<>();
    Map<String, String> taken = new HashMap<>();
    for (Map.Entry<String, JsonNode> entry : objects.list(definitions, "").entries()) {
      if (conflict(entry.getValue(), taken).isEmpty()) {
        custom.putAll(CustomDefinitions.kinds(entry.getValue()));
      }
    }
    served.become(builtIn.with(custom));
  }

  /** The definition that has taken a kind name already; empty when it is free. */
  private static String conflict(JsonNode definition, Map<String, String> taken) {
    JsonNode spec = definition.path("spec");
    String kind = spec.path("group").asText() + "/" + spec.path("names").path("kind").asText();
    String holder = taken.putIfAbsent(kind, Meta.name(definition));
    return holder == null ? "" : holder;
  }

  private void establish(Kind definitions, JsonNode definition) {
    boolean accepted =
        CustomDefinitions.kinds(definition).keySet().stream()
            .allMatch(kind -> served.current().definition(kind).isObject());
    Target target = new Target(definitions, "", Meta.name(definition), Part.STATUS, false);
    try {
      updates.apply(
          target,
          current -> {
            ObjectNode next = current.deepCopy();
            fillStatus(next, accepted);
            return next;
          });
    } catch (StatusException goneMeanwhile) {
      LOG.debug("no status for {}", Meta.name(definition), goneMeanwhile);
    }
  }

  private void fillStatus(ObjectNode definition, boolean accepted) {
    ObjectNode status = Trees.child(definition, "status");
    status.set("acceptedNames", definition.path("spec").path("names").deepCopy());
    ArrayNode stored = Trees.listChild(status, "storedVersions");
    String version = CustomDefinitions.storedVersion(definition);
    if (!Trees.textList(stored).contains(version)) {
      stored.add(version);
    }
    String kind = definition.path("spec").path("names").path("kind").asText();
    condition(
        status,
        "NamesAccepted",
        accepted,
        accepted ? "NoConflicts" : "KindConflict",
        accepted ? "no conflicts found" : "\"" + kind + "\" is already in use");
    condition(
        status,
        "Established",
        accepted,
        accepted ? "InitialNamesAccepted" : "NotAccepted",
        accepted ? "the initial names have been accepted" : "not all names are accepted");
  }

  private void condition(
      ObjectNode status, String type, boolean holds, String reason, String message) {
    for (JsonNode condition : status.path("conditions")) {
      if (condition.path("type").asText().equals(type)
          && condition.path("status").asText().equals(holds ? "True" : "False")) {
        return;
      }
    }
    Conditions.set(status, type, holds ? "True" : "False", reason, message, clock.instant());
  }

  /** Before a definition is deleted: it stays until its objects are gone. */
  void beforeDelete(Kind kind, String name, boolean dryRun) {
    if (dryRun || !kind.equals(definitions)) {
      return;
    }
    JsonNode definition = objects.require(kind, "", name).object();
    if (!Meta.isDeleting(definition) && hasObjects(definition)) {
      updates.apply(
          new Target(kind, "", name, Part.MAIN, false),
          current -> withFinalizers(current, finalizers -> finalizers.add(CLEANUP)));
    }
  }

  /** Refuses new objects of a kind that goes away. */
  void beforeCreate(Kind kind) {
    Kind known = definitions;
    if (known == null || !served.current().definition(kind).isObject()) {
      return;
    }
    Objects.Held definition = objects.get(known, "", kind.qualifiedResource());
    if (definition != null && Meta.isDeleting(definition.object())) {
      throw Statuses.methodNotAllowed(
          "create not allowed while custom resource definition is terminating");
    }
  }

  private boolean hasObjects(JsonNode definition) {
    return CustomDefinitions.kinds(definition).keySet().stream()
        .anyMatch(kind -> !objects.list(kind, "").entries().isEmpty());
  }

  /** Deletes the objects of a definition that goes away, and lets it go after the last one. */
  private void empty(Kind definitions, JsonNode definition) {
    String name = Meta.name(definition);
    for (Kind kind : CustomDefinitions.kinds(definition).keySet()) {
      ending.computeIfAbsent(name, absent -> followEnd(definitions, kind, name));
      for (Map.Entry<String, JsonNode> entry : objects.list(kind, "").entries()) {
        JsonNode object = entry.getValue();
        if (!Meta.isDeleting(object)) {
          deletes.delete(kind, Meta.namespace(object), Meta.name(object), DeleteOptions.PLAIN);
        }
      }
    }
    finish(definitions, name);
  }

  private Subscription followEnd(Kind definitions, Kind kind, String name) {
    try {
      return objects
          .store()
          .follow(
              Objects.resource(kind),
              objects.store().revision(),
              event -> {
                if (event.after() == null) {
                  finish(definitions, name);
                }
              });
    } catch (CompactedException e) {
      throw new IllegalStateException("the present cannot be compacted", e);
    }
  }

  private void finish(Kind definitions, String name) {
    Objects.Held held = objects.get(definitions, "", name);
    boolean waiting =
        held != null
            && Meta.finalizers(held.object()).contains(CLEANUP)
            && !hasObjects(held.object());
    if (waiting) {
      updates.apply(
          new Target(definitions, "", name, Part.MAIN, false),
          current -> withFinalizers(current, finalizers -> finalizers.remove(CLEANUP)));
    }
  }

  private static ObjectNode withFinalizers(JsonNode current, Consumer<Set<String>> change) {
    ObjectNode next = current.deepCopy();
    Set<String> finalizers = new LinkedHashSet<>(Meta.finalizers(current));
    change.accept(finalizers);
    Meta.setFinalizers(next, List.copyOf(finalizers));
    return next;
  }

  private void forget(JsonNode definition) {
    Subscription subscription = ending.remove(Meta.name(definition));
    if (subscription != null) {
      subscription.close();
    }
    String plural = definition.path("spec").path("names").path("plural").asText();
    watches.forEach(
        plural,
        watch -> {
          if (!served.current().all().contains(watch.kind())) {
            watch.close();
          }
        });
  }

  @Override
  public void close() {
    Subscription running = following;
    if (running != null) {
      running.close();
    }
    ending.values().forEach(Subscription::close);
  }
}
