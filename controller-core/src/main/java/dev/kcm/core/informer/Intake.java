package dev.kcm.core.informer;

import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.Packing;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where objects come in: transformed, and packed tight if they are not yet. The client packs what
 * it decodes, so that is for what a transform made.
 *
 * <p>An object on which the transform fails comes back as it was, and is remembered as refused
 * until whoever brought it asks.
 *
 * <p>Thread-safe: {@code transform} is published before the informer starts, and the map of refused
 * objects is concurrent.
 *
 * @param <T> model class
 */
final class Intake<T extends HasMetadata> {

  private static final Logger log = LoggerFactory.getLogger(Informers.class);

  private final String resource;
  private final InformerMeters meters;

  /** The last object refused under each key; of a list that broke off, they stay. */
  private final Map<ObjectKey, T> refused = new ConcurrentHashMap<>();

  private volatile Transform<T> transform = Transform.withoutManagedFields();

  Intake(String resource, InformerMeters meters) {
    this.resource = resource;
    this.meters = meters;
  }

  Transform<T> transform() {
    return transform;
  }

  void transform(Transform<T> wanted) {
    transform = wanted;
  }

  /** What is kept of an object; the object itself when it is refused. */
  T prepared(T object) {
    ObjectKey key = ObjectKey.of(object);
    try {
      T kept = transformed(object);
      if (kept != null && hasKey(kept, key)) {
        if (!Packing.isPacked(kept)) {
          Packing.pack(kept);
        }
        return kept;
      }
      refuse(key, object, kept == null ? "it returned null" : "it changed the object's key");
    } catch (RuntimeException | AssertionError | StackOverflowError | LinkageError failed) {
      refuse(key, object, where(failed));
    }
    return object;
  }

  private @Nullable T transformed(T object) {
    Transform<T> wanted = transform;
    ObjectMeta metadata = object.getMetadata();
    if (!wanted.keepsManagedFields() && !isEmpty(metadata.getManagedFields())) {
      metadata.setManagedFields(List.of());
    }
    return wanted.function().apply(object);
  }

  private static boolean isEmpty(@Nullable List<?> list) {
    return list == null || list.isEmpty();
  }

  private static boolean hasKey(HasMetadata object, ObjectKey key) {
    return object.getMetadata() != null && ObjectKey.of(object).equals(key);
  }

  /** The kind of error and its place; its message could quote the object. */
  private static String where(Throwable failed) {
    StackTraceElement[] trace = failed.getStackTrace();
    return failed.getClass().getName() + (trace.length == 0 ? "" : " at " + trace[0]);
  }

  private void refuse(ObjectKey key, T object, String why) {
    refused.put(key, object);
    meters.event("untransformable");
    log.error(
        "Transform {} of {} failed on {}, which keeps its last known state: {}",
        transform.id(),
        resource,
        key,
        why);
  }

  /** Whether the transform failed on this very object; asked once. */
  boolean wasRefused(ObjectKey key, T object) {
    return !refused.isEmpty() && refused.get(key) == object && refused.remove(key, object);
  }
}
