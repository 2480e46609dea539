package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.resource.Decoder.Decoded;
import dev.kcm.embedded.resource.Objects.Held;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Creates objects: decode, default, admit, prepare, validate, store.
 *
 * <p>Thread-safe: without state of its own.
 */
final class CreateRules {

  private static final int NAMES_TO_TRY = 8;

  /** What a sender cannot choose. */
  private static final Set<String> SERVER_OWNED =
      Set.of(
          "uid",
          "creationTimestamp",
          "deletionTimestamp",
          "deletionGracePeriodSeconds",
          "selfLink",
          "generation");

  private final Objects objects;
  private final Decoder decoder;
  private final Admission admission;
  private final ObjectRules rules;
  private final Ids ids;
  private final Clock clock;

  CreateRules(
      Objects objects,
      Decoder decoder,
      Admission admission,
      ObjectRules rules,
      Ids ids,
      Clock clock) {
    this.objects = objects;
    this.decoder = decoder;
    this.admission = admission;
    this.rules = rules;
    this.ids = ids;
    this.clock = clock;
  }

  ApiAnswer create(ApiRequest request, Kind kind) {
    WriteOptions options = WriteOptions.of(request, "CreateOptions");
    Decoded decoded = decoder.decode(kind, request.body(), options.validation());
    ObjectNode object = decoded.object();
    placeInNamespace(kind, request.namespace(), object);
    FieldWriter writer = FieldWriter.of(request, options);
    JsonNode created = create(kind, object, request.user(), options.dryRun(), writer);
    return new ApiAnswer(201, created, decoded.warnings());
  }

  /**
   * Creates a decoded object whose namespace is set.
   *
   * @param writer who owns its fields
   * @return the object as stored
   */
  JsonNode create(Kind kind, ObjectNode object, UserInfo user, boolean dryRun, FieldWriter writer) {
    boolean generated = Meta.name(object).isEmpty() && !Meta.text(object, "generateName").isEmpty();
    String base = Meta.text(object, "generateName");
    wipe(object);
    for (int attempt = 1; ; attempt++) {
      ObjectNode next = owned(kind, object, writer);
      if (generated) {
        Meta.of(next).put("name", ids.name(base));
      }
      JsonNode stored = tryCreate(kind, next, user, dryRun);
      if (stored != null) {
        return stored;
      }
      if (!generated) {
        throw taken(kind, next);
      }
      if (attempt == NAMES_TO_TRY) {
        throw Statuses.generatedNameTaken(kind, Meta.name(next));
      }
    }
  }

  /** A copy with its defaults and owners. The status that a sender gives is not the sender's. */
  private ObjectNode owned(Kind kind, ObjectNode object, FieldWriter writer) {
    ObjectNode next = object.deepCopy();
    Defaults.apply(kind, next);
    if (kind.hasSubresource("status") && !KindKey.of(kind).equals(KindKey.NODE)) {
      next.remove("status");
    }
    return rules.own(writer, null, next, kind);
  }

  private @Nullable JsonNode tryCreate(Kind kind, ObjectNode next, UserInfo user, boolean dryRun) {
    admission.onCreate(kind, next);
    rules.prepareCreate(kind, next, user);
    Validation.onCreate(kind, next);
    rules.checkSchema(kind, next);
    refuseVersion(next);
    if (objects.get(kind, Meta.namespace(next), Meta.name(next)) != null) {
      return null;
    }
    admission.beforeCreate(kind, next, dryRun);
    if (dryRun) {
      return next;
    }
    rules.beforeCreate(kind, next);
    try {
      return objects.put(kind, null, next);
    } finally {
      rules.settle(kind, next);
    }
  }

  private StatusException taken(Kind kind, ObjectNode next) {
    Held present = objects.get(kind, Meta.namespace(next), Meta.name(next));
    return Statuses.alreadyExists(
        kind, Meta.name(next), present != null && Meta.isDeleting(present.object()));
  }

  private void wipe(ObjectNode object) {
    ObjectNode metadata = Meta.of(object);
    metadata.remove(List.copyOf(SERVER_OWNED));
    metadata.put("uid", ids.uid()).put("creationTimestamp", Meta.time(clock.instant()));
  }

  private static void refuseVersion(ObjectNode object) {
    String version = Meta.resourceVersion(object);
    Meta.of(object).remove("resourceVersion");
    if (version.matches("[0-9]+") && !version.matches("0+")) {
      throw Statuses.unexpected("resourceVersion should not be set on objects to be created");
    }
  }

  /** Gives the object the namespace of the path, unless it names another one. */
  static void placeInNamespace(Kind kind, String namespace, ObjectNode object) {
    ObjectNode metadata = Meta.of(object);
    if (!kind.namespaced()) {
      metadata.remove("namespace");
      return;
    }
    String own = Meta.namespace(object);
    if (!own.isEmpty() && !own.equals(namespace)) {
      throw Statuses.otherNamespace();
    }
    metadata.put("namespace", namespace);
  }
}
