package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.resource.ObjectRules.Part;
import dev.kcm.embedded.resource.Objects.Held;
import java.util.Set;

/**
 * The admission plug-ins that are on by default and that controllers notice: namespace life cycle,
 * service accounts, pod priority, default tolerations, runtime classes, default storage class,
 * protection of storage in use, taint of new nodes.
 *
 * <p>Thread-safe: without state of its own.
 */
final class Admission {

  private static final Set<String> IMMORTAL = Set.of("default", "kube-system", "kube-public");

  private final Objects objects;
  private final Kind namespaces;
  private final PodAdmission pods;
  private final StorageClassAdmission claims;
  private final LimitRangeAdmission limits;
  private final QuotaAdmission quotas;
  private final boolean protectStorage;

  Admission(
      Objects objects,
      Kind namespaces,
      PodAdmission pods,
      StorageClassAdmission claims,
      LimitRangeAdmission limits,
      QuotaAdmission quotas,
      boolean protectStorage) {
    this.protectStorage = protectStorage;
    this.objects = objects;
    this.namespaces = namespaces;
    this.pods = pods;
    this.claims = claims;
    this.limits = limits;
    this.quotas = quotas;
  }

  /** Completes a new object, or refuses it. */
  void onCreate(Kind kind, ObjectNode object) {
    requireNamespace(kind, object, true);
    if (protectStorage) {
      StorageProtection.complete(kind, object);
    }
    switch (KindKey.of(kind)) {
      case KindKey.POD -> {
        limits.admit(kind, object);
        pods.complete(object);
      }
      case "v1/PersistentVolumeClaim" -> {
        limits.admit(kind, object);
        claims.complete(object);
      }
      case KindKey.NODE -> NodeTaint.addNotReady(object);
      case KindKey.NAMESPACE ->
          Trees.child(Meta.of(object), "labels")
              .put("kubernetes.io/metadata.name", Meta.name(object));
      default -> {}
    }
  }

  /** Charges a new object to its quotas, last before it is stored. */
  void beforeCreate(Kind kind, ObjectNode object, boolean dryRun) {
    quotas.charge(kind, object, dryRun);
  }

  /** Refuses changes in namespaces that do not exist. */
  void onUpdate(Kind kind, Part part, JsonNode current, ObjectNode next) {
    if (part == Part.MAIN) {
      requireNamespace(kind, next, false);
    }
    if (KindKey.isPod(kind)) {
      Trees.copyField(current.path("spec"), Trees.child(next, "spec"), "priority");
    }
  }

  /** Refuses the deletion of the namespaces that a cluster cannot do without. */
  void onDelete(Kind kind, String name) {
    if (KindKey.isNamespace(kind) && IMMORTAL.contains(name)) {
      throw Statuses.forbidden(kind, name, "this namespace may not be deleted");
    }
  }

  private void requireNamespace(Kind kind, JsonNode object, boolean forNewContent) {
    if (!kind.namespaced()) {
      return;
    }
    String name = Meta.namespace(object);
    Held namespace = objects.get(namespaces, "", name);
    if (namespace == null) {
      throw Statuses.notFound(namespaces, name);
    }
    if (forNewContent && Meta.isDeleting(namespace.object())) {
      throw Statuses.namespaceTerminating(kind, Meta.name(object), name);
    }
  }
}
