package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.resource.Decoder.Decoded;
import dev.kcm.embedded.resource.Kind.Trait;
import dev.kcm.embedded.resource.ObjectRules.Part;
import dev.kcm.embedded.resource.Objects.Held;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes objects: read, compute the next one, keep what the server owns, validate, store; again
 * from the start when somebody else was faster.
 *
 * <p>Thread-safe: without state of its own.
 */
final class UpdateRules {

  /** Computes the wanted object from the current one, as a tree of its own. */
  interface Change {
    ObjectNode from(JsonNode current);
  }

  /** Which object to change, in which part, and who owns the changed fields. */
  record Target(
      Kind kind, String namespace, String name, Part part, boolean dryRun, FieldWriter writer) {

    /** A change that leaves owners as they are. */
    Target(Kind kind, String namespace, String name, Part part, boolean dryRun) {
      this(kind, namespace, name, part, dryRun, FieldWriter.NOBODY);
    }
  }

  private static final List<String> SERVER_OWNED =
      List.of("uid", "creationTimestamp", "selfLink", "generation", "name", "namespace");

  private final Objects objects;
  private final Decoder decoder;
  private final Admission admission;
  private final ObjectRules rules;
  private final CreateRules creates;

  UpdateRules(
      Objects objects,
      Decoder decoder,
      Admission admission,
      ObjectRules rules,
      CreateRules creates) {
    this.objects = objects;
    this.decoder = decoder;
    this.admission = admission;
    this.rules = rules;
    this.creates = creates;
  }

  /** A PUT of the object or of one of its parts. */
  ApiAnswer update(ApiRequest request, Kind kind, Part part) {
    WriteOptions options = WriteOptions.of(request, "UpdateOptions");
    Decoded decoded = decoder.decode(kind, request.body(), options.validation());
    ObjectNode object = decoded.object();
    requirePathNames(request, kind, object);
    FieldWriter writer = FieldWriter.of(request, options);
    Target target =
        new Target(kind, request.namespace(), request.name(), part, options.dryRun(), writer);
    if (part == Part.MAIN
        && kind.has(Trait.CREATE_ON_UPDATE)
        && objects.get(kind, request.namespace(), request.name()) == null) {
      return createOnUpdate(request, target, decoded);
    }
    JsonNode updated = apply(target, current -> putBody(kind, object, current));
    return new ApiAnswer(200, updated, decoded.warnings());
  }

  private ApiAnswer createOnUpdate(ApiRequest request, Target target, Decoded decoded) {
    // A version that the object was once read with is no hindrance.
    ObjectNode object = decoded.object();
    Meta.of(object).remove("resourceVersion");
    JsonNode created =
        creates.create(target.kind(), object, request.user(), target.dryRun(), target.writer());
    return new ApiAnswer(201, created, decoded.warnings());
  }

  private static ObjectNode putBody(Kind kind, ObjectNode object, JsonNode current) {
    if (Meta.resourceVersion(object).isEmpty() && kind.has(Trait.VERSION_REQUIRED)) {
      FieldErrors errors = new FieldErrors();
      errors.invalid("metadata.resourceVersion", 0, "must be specified for an update");
      throw Statuses.invalid(kind.group(), kind.plural(), Meta.name(current), errors);
    }
    return object.deepCopy();
  }

  private static void requirePathNames(ApiRequest request, Kind kind, ObjectNode object) {
    ObjectNode metadata = Meta.of(object);
    String namespace = Meta.namespace(object);
    if (kind.namespaced() && !namespace.isEmpty() && !namespace.equals(request.namespace())) {
      throw Statuses.otherNamespace();
    }
    String name = Meta.name(object);
    if (name.isEmpty()) {
      throw Statuses.badRequest(
          "name may not be empty: the name must be provided in the object or on the URL");
    }
    if (!name.equals(request.name())) {
      throw Statuses.badRequest(
          "the name of the object ("
              + name
              + ") does not match the name on the URL ("
              + request.name()
              + ")");
    }
    if (kind.namespaced()) {
      metadata.put("namespace", request.namespace());
    } else {
      metadata.remove("namespace");
    }
  }

  /** Whether there is something to change. */
  boolean exists(Target target) {
    return objects.get(target.kind(), target.namespace(), target.name()) != null;
  }

  /** The object of a request. */
  JsonNode current(ApiRequest request, Kind kind) {
    return objects.require(kind, request.namespace(), request.name()).object();
  }

  /**
   * Changes an object.
   *
   * @return the object after the change; the stored instance when nothing changed
   * @throws StatusException 404, 409 for a stale version or foreign UID, 422
   */
  JsonNode apply(Target target, Change change) {
    while (true) {
      Held current = objects.require(target.kind(), target.namespace(), target.name());
      ObjectNode wanted = change.from(current.object());
      checkIdentity(target.kind(), current.object(), wanted);
      try {
        JsonNode result = commit(target, current, merge(target, current.object(), wanted));
        if (result != null) {
          return result;
        }
      } finally {
        rules.settle(target.kind(), wanted);
      }
    }
  }

  private ObjectNode merge(Target target, JsonNode current, ObjectNode wanted) {
    Kind kind = target.kind();
    keepServerOwned(current, wanted);
    ObjectNode next = rules.keepOtherParts(kind, target.part(), current, wanted);
    Defaults.apply(kind, next);
    next = rules.own(target.writer(), current, next, kind);
    admission.onUpdate(kind, target.part(), current, next);
    rules.prepareUpdate(kind, target.part(), current, next);
    Validation.onUpdate(kind, target.part(), current, next);
    rules.checkSchema(kind, next);
    return next;
  }

  private @Nullable JsonNode commit(Target target, Held current, ObjectNode next) {
    Kind kind = target.kind();
    if (DeleteRules.isFinished(kind, next)) {
      boolean done = target.dryRun() || objects.remove(kind, current);
      return done ? next : null;
    }
    if (target.dryRun()) {
      return next;
    }
    return objects.put(kind, current, next);
  }

  private static void checkIdentity(Kind kind, JsonNode current, ObjectNode wanted) {
    String name = Meta.name(current);
    String version = Meta.resourceVersion(wanted);
    if (!version.isEmpty() && !version.matches("[0-9]{1,19}")) {
      FieldErrors errors = new FieldErrors();
      errors.invalid(
          "metadata.resourceVersion",
          version,
          "strconv.ParseUint: parsing \"" + version + "\": invalid syntax");
      throw Statuses.invalid(kind, name, errors);
    }
    String uid = Meta.uid(wanted);
    if (!uid.isEmpty() && !uid.equals(Meta.uid(current))) {
      throw Statuses.conflict(kind, name, foreignUid(kind, current, uid));
    }
    boolean unconditional = version.isEmpty() || version.equals("0");
    if (!unconditional && !version.equals(Meta.resourceVersion(current))) {
      throw Statuses.modified(kind, name);
    }
  }

  /** The words of the original's storage layer. */
  private static String foreignUid(Kind kind, JsonNode current, String uid) {
    String key = Objects.key(kind, Meta.namespace(current), Meta.name(current));
    return "StorageError: invalid object, Code: 4, Key: /registry/"
        + kind.plural()
        + "/"
        + key
        + ", ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: "
        + uid
        + ", UID in object meta: "
        + Meta.uid(current);
  }

  private static void keepServerOwned(JsonNode current, ObjectNode wanted) {
    ObjectNode metadata = Meta.of(wanted);
    JsonNode owned = current.path("metadata");
    SERVER_OWNED.forEach(field -> Trees.copyField(owned, metadata, field));
    keepDeletion(owned, metadata);
    Trees.copyField(owned, metadata, "resourceVersion");
    if (!metadata.has("managedFields")) {
      Trees.copyField(owned, metadata, "managedFields");
    }
    wanted.set("apiVersion", current.path("apiVersion"));
    wanted.set("kind", current.path("kind"));
  }

  /** A deletion that has begun stays as it is; that none can begin by an update is a rule. */
  private static void keepDeletion(JsonNode owned, ObjectNode metadata) {
    if (owned.has("deletionTimestamp")) {
      Trees.copyField(owned, metadata, "deletionTimestamp");
    }
    if (!metadata.has("deletionGracePeriodSeconds")) {
      Trees.copyField(owned, metadata, "deletionGracePeriodSeconds");
    }
  }
}
