package dev.kcm.embedded.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.patch.ManagedFields.Owner;
import dev.kcm.embedded.patch.PatchException.Cause;
import dev.kcm.embedded.resource.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Server-side apply, and the tracking of field owners that it rests on.
 *
 * <p>Known types say how deep ownership goes; in custom resources objects are owned field by field
 * and lists as a whole.
 */
public final class ServerSideApply {

  /** The owner of fields that were there before anything was tracked. */
  private static final String BEFORE_FIRST_APPLY = "before-first-apply";

  /** Fields that belong to the server or identify the object: nobody owns them. */
  private static final List<String> UNOWNED_METADATA =
      List.of(
          "name",
          "namespace",
          "creationTimestamp",
          "selfLink",
          "uid",
          "clusterName",
          "generation",
          "managedFields",
          "resourceVersion");

  /** What must not go even when nobody owns anything under it. */
  private static final FieldSet KEPT =
      FieldSet.of(
          JsonNodeFactory.instance
              .objectNode()
              .set("metadata", JsonNodeFactory.instance.objectNode().put("name", "")),
          Shape.UNKNOWN);

  private ServerSideApply() {}

  /**
   * What apply made.
   *
   * @param object the object to store, a fresh tree; equal to the current one when nothing changed
   * @param created whether there was no object before
   */
  public record Applied(JsonNode object, boolean created) {}

  /** Applies to the main resource: {@link #apply(JsonNode, JsonNode, Writer, boolean, Kind)}. */
  public static Applied apply(
      @Nullable JsonNode currentOrNull,
      JsonNode applied,
      String manager,
      boolean force,
      Kind kind,
      Instant now) {
    return apply(currentOrNull, applied, new Writer(manager, "", now), force, kind);
  }

  /**
   * Who writes, through which subresource, and when.
   *
   * @param manager name of the field manager
   * @param subresource subresource that is written, for example {@code status}, else empty
   * @param now time of the write
   */
  public record Writer(String manager, String subresource, Instant now) {}

  /**
   * Lays a configuration over the current object, makes the writer own its fields, and removes
   * fields that the writer applied before, leaves out now and nobody else owns.
   *
   * @param currentOrNull the object, null when there is none; not changed
   * @param applied the configuration; not changed
   * @param writer who applies
   * @param force whether to take fields with other values from their owners
   * @param kind kind of the object
   * @throws PatchException 409 with causes when other managers own fields that would change, 409
   *     when a UID is given and there is no object, 400 for a configuration with managedFields,
   *     with undeclared fields or with list items that have no or equal keys
   */
  public static Applied apply(
      @Nullable JsonNode currentOrNull, JsonNode applied, Writer writer, boolean force, Kind kind) {
    checkMetadata(currentOrNull, applied, kind);
    ObjectNode config = configuration(applied, writer, kind);
    Shape shape = Shape.of(kind);
    ApplyChecks.check(config, shape, kind);
    ObjectNode live = currentOrNull instanceof ObjectNode object ? object : newObject(kind);
    ManagedFields managed = managed(live, shape, kind, currentOrNull == null, writer.now());
    Owner owner = Owner.applying(writer.manager(), writer.subresource());

    FieldSet last = managed.fields(owner);
    FieldSet wanted = owned(config, shape);
    managed.put(owner, kind.apiVersion(), wanted, writer.now());
    ObjectNode result = (ObjectNode) TypedMerge.merge(live, config, shape);
    TypedMerge.prune(result, shape, last, managed.all().union(KEPT));

    FieldSet before = owned(live, shape);
    FieldSet after = owned(result, shape);
    Map<Owner, FieldSet> conflicts = managed.othersOwning(before.changedIn(after), owner);
    if (!conflicts.isEmpty() && !force) {
      throw conflict(conflicts);
    }
    if (currentOrNull != null && wanted.samePaths(last) && Scalars.same(live, result)) {
      return new Applied(currentOrNull.deepCopy(), false);
    }
    managed.takeFromOthers(before.changedIn(after), owner);
    managed.takeFromOthers(before.minus(after).union(before.containersGoneIn(after)), owner);
    managed.writeTo(result);
    return new Applied(result, currentOrNull == null);
  }

  /**
   * Makes the sender of a plain create or update own what it changed.
   *
   * @param before the object before, null or missing when it is created; not changed
   * @param after the object as it will be stored; not changed
   * @param manager name of the field manager
   * @param subresource subresource that was written, else empty
   * @param now time of the write
   * @param kind kind of the object
   * @return a fresh tree: {@code after} with its managedFields; entries that the sender gave stand
   *     in for the stored ones, an empty list drops them all
   */
  public static JsonNode trackUpdate(
      @Nullable JsonNode before,
      JsonNode after,
      String manager,
      String subresource,
      Instant now,
      Kind kind) {
    ObjectNode result = after.deepCopy();
    JsonNode sent = after.path("metadata").path("managedFields");
    if (subresource.isEmpty() && isReset(sent)) {
      ((ObjectNode) result.path("metadata")).remove("managedFields");
      return result;
    }
    Shape shape = Shape.of(kind);
    JsonNode live = before instanceof ObjectNode object ? object : newObject(kind);
    ManagedFields managed =
        ManagedFields.of(subresource.isEmpty() && !sent.isEmpty() ? after : live);
    Owner owner = Owner.updating(manager, kind.apiVersion(), subresource);
    FieldSet old = owned(live, shape);
    FieldSet fresh = owned(after, shape);
    FieldSet changed = old.changedIn(fresh);
    FieldSet removed = old.minus(fresh).union(old.containersGoneIn(fresh));
    managed.takeFromOthers(changed.union(removed), owner);
    FieldSet mine = managed.fields(owner);
    if (!changed.isEmpty()) {
      managed.put(owner, kind.apiVersion(), mine.minus(removed).union(changed), now);
    } else if (!mine.intersection(removed).isEmpty()) {
      managed.put(owner, kind.apiVersion(), mine.minus(removed), now);
    }
    managed.writeTo(result);
    return result;
  }

  /**
   * Makes the sender of a plain create own all that it sent and was completed with.
   *
   * @param object the object as it will be stored, without managedFields; gets them
   * @param manager name of the field manager
   * @param now time of the write
   * @param kind kind of the object
   */
  public static void trackCreate(ObjectNode object, String manager, Instant now, Kind kind) {
    ManagedFields managed = new ManagedFields();
    FieldSet all = FieldSet.EMPTY.changedIn(owned(object, Shape.of(kind)));
    managed.put(Owner.updating(manager, kind.apiVersion(), ""), kind.apiVersion(), all, now);
    managed.writeTo(object);
  }

  private static boolean isReset(JsonNode managedFields) {
    return managedFields.isArray()
        && (managedFields.isEmpty()
            || (managedFields.size() == 1 && managedFields.get(0).isEmpty()));
  }

  private static void checkMetadata(@Nullable JsonNode current, JsonNode applied, Kind kind) {
    if (!applied.isObject()) {
      throw new PatchException(400, "error decoding YAML: the configuration is no object");
    }
    if (!applied.path("metadata").path("managedFields").isEmpty()) {
      throw new PatchException(400, "metadata.managedFields must be nil");
    }
    String uid = applied.path("metadata").path("uid").asText("");
    if (current == null && !uid.isEmpty()) {
      throw new PatchException(
          409,
          "Operation cannot be fulfilled on "
              + kind.qualifiedResource()
              + " \""
              + applied.path("metadata").path("name").asText("")
              + "\": uid mismatch: the provided object specified uid "
              + uid
              + ", and no existing object was found");
    }
  }

  /** The part of a configuration that this writer may set, without nulls. */
  private static ObjectNode configuration(JsonNode applied, Writer writer, Kind kind) {
    ObjectNode config = applied.deepCopy();
    dropNulls(config);
    if (config.path("metadata") instanceof ObjectNode metadata) {
      metadata.remove("managedFields");
    }
    if (writer.subresource().equals("status")) {
      config.remove("spec");
    } else if (kind.hasSubresource("status")) {
      config.remove("status");
    }
    return config;
  }

  private static void dropNulls(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.properties().removeIf(field -> field.getValue().isNull());
    }
    node.forEach(ServerSideApply::dropNulls);
  }

  private static ObjectNode newObject(Kind kind) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("apiVersion", kind.apiVersion())
        .put("kind", kind.kind());
  }

  private static ManagedFields managed(
      JsonNode live, Shape shape, Kind kind, boolean isNew, Instant now) {
    ManagedFields managed = ManagedFields.of(live);
    if (managed.isEmpty() && !isNew) {
      Owner before = Owner.updating(BEFORE_FIRST_APPLY, kind.apiVersion(), "");
      managed.put(before, kind.apiVersion(), owned(live, shape), now);
    }
    return managed;
  }

  private static FieldSet owned(JsonNode object, Shape shape) {
    ObjectNode shallow = JsonNodeFactory.instance.objectNode();
    for (var field : object.properties()) {
      String name = field.getKey();
      if (name.equals("metadata") && field.getValue() instanceof ObjectNode metadata) {
        ObjectNode rest = JsonNodeFactory.instance.objectNode();
        rest.setAll(metadata);
        rest.remove(UNOWNED_METADATA);
        if (!rest.isEmpty()) {
          shallow.set(name, rest);
        }
      } else if (!name.equals("apiVersion") && !name.equals("kind")) {
        shallow.set(name, field.getValue());
      }
    }
    return FieldSet.of(shallow, shape);
  }

  private static PatchException conflict(Map<Owner, FieldSet> conflicts) {
    List<Cause> causes = new ArrayList<>();
    Map<String, List<String>> byOwner = new TreeMap<>();
    conflicts.forEach(
        (owner, fields) -> {
          for (String path : fields.paths()) {
            causes.add(new Cause("FieldManagerConflict", "conflict with " + owner.display(), path));
            byOwner.computeIfAbsent(owner.display(), o -> new ArrayList<>()).add(path);
          }
        });
    return new PatchException(409, message(causes, byOwner), causes);
  }

  private static String message(List<Cause> causes, Map<String, List<String>> byOwner) {
    if (causes.size() == 1) {
      Cause only = causes.get(0);
      return "Apply failed with 1 conflict: " + only.message() + ": " + only.field();
    }
    List<String> lines = new ArrayList<>();
    byOwner.forEach(
        (owner, paths) -> {
          lines.add("conflicts with " + owner + ":");
          paths.forEach(path -> lines.add("- " + path));
        });
    return "Apply failed with " + causes.size() + " conflicts: " + String.join("\n", lines);
  }
}
