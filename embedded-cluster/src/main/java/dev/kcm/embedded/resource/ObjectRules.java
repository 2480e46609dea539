package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.resource.Kind.Trait;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a write may set: resets the parts that belong to other writers and keeps the generation.
 *
 * <p>Thread-safe: without state of its own.
 */
final class ObjectRules {

  /** The part of an object that a request writes. */
  enum Part {
    MAIN,
    STATUS,
    FINALIZE,
    APPROVAL,
    SCALE,
    BINDING,
    EPHEMERAL_CONTAINERS,
    RESIZE
  }

  private static final String DAEMON_GENERATION = "deprecated.daemonset.template.generation";
  private static final String SIGNING_REQUEST = "certificates.k8s.io/v1/CertificateSigningRequest";

  /** Kinds whose status is the sender's at creation. */
  private static final Set<String> STATUS_AT_CREATE = Set.of(KindKey.NODE);

  /** Kinds that show a status from the first moment, with its first phase. */
  private static final Map<String, String> FIRST_PHASE =
      Map.of(
          KindKey.NAMESPACE,
          "Active",
          "v1/PersistentVolume",
          "Pending",
          "v1/PersistentVolumeClaim",
          "Pending",
          KindKey.POD,
          "Pending");

  private final Clock clock;
  private final ServiceRules services;
  private final ServedKinds kinds;

  ObjectRules(Clock clock, ServiceRules services, ServedKinds kinds) {
    this.clock = clock;
    this.services = services;
    this.kinds = kinds;
  }

  /**
   * Notes who owns the fields that a write changes.
   *
   * @param before the stored object, null when it is created
   * @param after the wanted object with its defaults
   */
  ObjectNode own(FieldWriter writer, @Nullable JsonNode before, ObjectNode after, Kind kind) {
    return writer.own(before, after, clock.instant(), kind);
  }

  /** Refuses an object of a custom kind that does not fit its schema. */
  void checkSchema(Kind kind, JsonNode object) {
    JsonNode schema = CustomSchema.of(kinds.current().definition(kind));
    if (schema.isObject()) {
      FieldErrors errors = new FieldErrors();
      CustomValidation.check(schema, object, errors);
      if (!errors.isEmpty()) {
        throw Statuses.invalid(kind, Meta.name(object), errors);
      }
    }
  }

  /** Sets what the server decides about a new object. */
  void prepareCreate(Kind kind, ObjectNode object, UserInfo user) {
    String key = KindKey.of(kind);
    if (hasStatus(kind) && !STATUS_AT_CREATE.contains(key)) {
      object.remove("status");
    }
    String phase = FIRST_PHASE.get(key);
    if (phase != null) {
      Trees.child(object, "status").put("phase", phase);
    }
    if (kind.has(Trait.GENERATION)) {
      Meta.of(object).put("generation", 1);
    }
    switch (key) {
      case KindKey.POD -> preparePodStatus(object);
      case KindKey.NAMESPACE ->
          Trees.child(object, "spec").putArray("finalizers").add("kubernetes");
      case KindKey.SERVICE -> Trees.child(Trees.child(object, "status"), "loadBalancer");
      case "v1/Secret" -> SecretText.encode(object);
      case "batch/v1/Job" -> JobLabels.generate(object);
      case "apps/v1/DaemonSet" -> setTemplateGeneration(object, 1);
      case SIGNING_REQUEST -> setRequester(object, user);
      default -> {}
    }
    DeviceTaints.date(kind, object, clock.instant());
    Defaults.emptyParts(kind, object);
  }

  private void preparePodStatus(ObjectNode pod) {
    ObjectNode status = Trees.child(pod, "status");
    status.put("qosClass", PodQuality.of(pod));
    if (!pod.path("spec").path("schedulingGates").isEmpty()) {
      Conditions.set(
          status,
          "PodScheduled",
          "False",
          "SchedulingGated",
          "Scheduling is blocked due to non-empty scheduling gates",
          clock.instant());
    }
  }

  /** Reserves what lies outside the object, last before it is stored. */
  void beforeCreate(Kind kind, ObjectNode object) {
    if (KindKey.of(kind).equals(KindKey.SERVICE)) {
      services.assign(object);
    }
  }

  /** Ends the reservations of an object that is stored now, or never will be. */
  void settle(Kind kind, JsonNode object) {
    if (KindKey.of(kind).equals(KindKey.SERVICE)) {
      services.settle(object);
    }
  }

  private static boolean hasStatus(Kind kind) {
    return kind.hasSubresource("status");
  }

  /** The wanted object, with all but the written part taken from the current one. */
  ObjectNode keepOtherParts(Kind kind, Part part, JsonNode current, ObjectNode wanted) {
    return switch (part) {
      case MAIN, SCALE, BINDING -> keepStatus(kind, part, current, wanted);
      case EPHEMERAL_CONTAINERS -> takeEphemeralContainers(current, wanted);
      case RESIZE -> takeResources(current, wanted);
      case STATUS -> takeStatus(kind, current, wanted);
      case FINALIZE -> takeFinalizers(current, wanted);
      case APPROVAL -> SigningStatus.takeConditions(kind, current, wanted);
    };
  }

  private static ObjectNode keepStatus(Kind kind, Part part, JsonNode current, ObjectNode wanted) {
    if (part != Part.BINDING && (hasStatus(kind) || wanted.has("status"))) {
      Trees.copyField(current, wanted, "status");
    }
    String key = KindKey.of(kind);
    if (key.equals(KindKey.NAMESPACE)) {
      Trees.copyField(current, wanted, "spec");
      Trees.child(Meta.of(wanted), "labels").put("kubernetes.io/metadata.name", Meta.name(current));
    }
    if (key.equals(SIGNING_REQUEST)) {
      Trees.copyField(current, wanted, "spec");
    }
    if (key.equals("v1/Secret")) {
      SecretText.encode(wanted);
    }
    return wanted;
  }

  private static ObjectNode takeStatus(Kind kind, JsonNode current, ObjectNode wanted) {
    ObjectNode next = current.deepCopy();
    Trees.copyField(wanted, next, "status");
    if (!KindKey.isBuiltIn(kind)) {
      return next;
    }
    Trees.copyField(wanted, next, "metadata");
    if (KindKey.isPod(kind)) {
      Trees.copyField(current.path("metadata"), Meta.of(next), "ownerReferences");
      Trees.copyField(current.path("status"), Trees.child(next, "status"), "qosClass");
    }
    if (KindKey.of(kind).equals(SIGNING_REQUEST)) {
      SigningStatus.keepJudgements(current, next);
    }
    return next;
  }

  private static ObjectNode takeEphemeralContainers(JsonNode current, ObjectNode wanted) {
    ObjectNode next = current.deepCopy();
    Trees.copyField(wanted.path("spec"), Trees.child(next, "spec"), "ephemeralContainers");
    return next;
  }

  private static ObjectNode takeResources(JsonNode current, ObjectNode wanted) {
    ObjectNode next = current.deepCopy();
    for (ObjectNode container : Trees.items(next.path("spec"), "containers")) {
      for (JsonNode sized : wanted.path("spec").path("containers")) {
        if (sized.path("name").equals(container.path("name"))) {
          Trees.copyField(sized, container, "resources");
          Trees.copyField(sized, container, "resizePolicy");
        }
      }
    }
    return next;
  }

  private static ObjectNode takeFinalizers(JsonNode current, ObjectNode wanted) {
    ObjectNode next = current.deepCopy();
    Trees.copyField(wanted, next, "metadata");
    Trees.copyField(wanted.path("spec"), Trees.child(next, "spec"), "finalizers");
    return next;
  }

  /** Sets what the server decides about a changed object. */
  void prepareUpdate(Kind kind, Part part, JsonNode current, ObjectNode next) {
    String key = KindKey.of(kind);
    if (key.equals(KindKey.SERVICE) && part == Part.MAIN) {
      services.reassign(current, next);
    }
    if (key.equals(SIGNING_REQUEST) && part != Part.MAIN) {
      stampConditions(next);
    }
    DeviceTaints.date(kind, next, clock.instant());
    // Where a pod runs is not what its owner wants.
    boolean desiredChanged = part != Part.BINDING && changesDesiredState(kind, current, next);
    if (key.equals("apps/v1/DaemonSet")) {
      keepTemplateGeneration(current, next);
    }
    if (kind.has(Trait.GENERATION) && desiredChanged) {
      Meta.of(next).put("generation", Meta.generation(current) + 1);
    }
  }

  private static boolean changesDesiredState(Kind kind, JsonNode current, JsonNode next) {
    if (!desired(current).equals(desired(next))) {
      return true;
    }
    String also =
        switch (KindKey.of(kind)) {
          case "apps/v1/Deployment" -> "annotations";
          case "discovery.k8s.io/v1/EndpointSlice" -> "labels";
          default -> "";
        };
    return !also.isEmpty()
        && !current.path("metadata").path(also).equals(next.path("metadata").path(also));
  }

  private static ObjectNode desired(JsonNode object) {
    ObjectNode desired = Trees.shallow(object);
    desired.remove(List.of("metadata", "status"));
    return desired;
  }

  private static void keepTemplateGeneration(JsonNode current, ObjectNode next) {
    long generation =
        current.path("metadata").path("annotations").path(DAEMON_GENERATION).asLong(1);
    boolean same = current.path("spec").path("template").equals(next.path("spec").path("template"));
    setTemplateGeneration(next, same ? generation : generation + 1);
  }

  private static void setTemplateGeneration(ObjectNode object, long generation) {
    Trees.child(Meta.of(object), "annotations").put(DAEMON_GENERATION, Long.toString(generation));
  }

  private static void setRequester(ObjectNode object, UserInfo user) {
    ObjectNode spec = Trees.child(object, "spec");
    spec.remove(List.of("uid", "groups", "extra"));
    spec.put("username", user.name());
    if (!user.uid().isEmpty()) {
      spec.put("uid", user.uid());
    }
    if (!user.groups().isEmpty()) {
      spec.set("groups", Trees.arrayOf(user.groups()));
    }
    user.extra()
        .forEach((name, values) -> Trees.child(spec, "extra").set(name, Trees.arrayOf(values)));
  }

  private void stampConditions(ObjectNode object) {
    String now = Meta.time(clock.instant());
    for (ObjectNode condition : Trees.items(object.path("status"), "conditions")) {
      Trees.putIfAbsent(condition, "lastUpdateTime", now);
      Trees.putIfAbsent(condition, "lastTransitionTime", now);
    }
  }
}
