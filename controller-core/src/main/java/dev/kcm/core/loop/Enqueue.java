package dev.kcm.core.loop;

import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.OwnerReferences;
import dev.kcm.core.object.ResourceType;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Ready-made mappers from events to keys.
 *
 * <p>Immutable.
 */
public final class Enqueue {

  private Enqueue() {}

  /** The object's own key, at every event. */
  public static EventMapper<HasMetadata> self() {
    return Self.INSTANCE;
  }

  /**
   * The keys a function finds in an object: of the old and of the current state, each once. A
   * deletion whose last state is unknown leads to nothing.
   */
  public static <T> EventMapper<T> to(Function<? super T, ? extends Collection<ObjectKey>> keys) {
    return new KeysOf<>(keys);
  }

  /**
   * The object's controller, when it is of the given type in any version. After a change of owner
   * both are woken. Takes no part in expectations.
   */
  public static EventMapper<HasMetadata> owner(ResourceType<?> type) {
    return to(object -> controllerKey(object, type));
  }

  /**
   * Like {@link #owner}, and notes arrivals for plans with expectations: an object that appears is
   * a creation, one that starts terminating or is gone is a deletion.
   */
  public static EventMapper<HasMetadata> ownerExpecting(ResourceType<?> type) {
    return new ExpectingOwner(type);
  }

  private static List<ObjectKey> controllerKey(HasMetadata object, ResourceType<?> type) {
    return OwnerReferences.controllerOf(object)
        .filter(owner -> isOf(owner, type))
        .map(owner -> List.of(new ObjectKey(namespaceOf(object, type), owner.getName())))
        .orElse(List.of());
  }

  private static boolean isOf(OwnerReference owner, ResourceType<?> type) {
    String apiVersion = owner.getApiVersion() == null ? "" : owner.getApiVersion();
    int slash = apiVersion.indexOf('/');
    String group = slash < 0 ? "" : apiVersion.substring(0, slash);
    return type.kind().equals(owner.getKind()) && type.group().equals(group);
  }

  private static String namespaceOf(HasMetadata object, ResourceType<?> type) {
    return type.namespaced() ? ObjectKey.of(object).namespace() : "";
  }

  /** See {@link #self}. */
  private enum Self implements EventMapper<HasMetadata> {
    INSTANCE;

    @Override
    public void added(HasMetadata object, boolean initial, Keys keys) {
      keys.enqueue(ObjectKey.of(object));
    }

    @Override
    public void updated(HasMetadata old, HasMetadata current, Keys keys) {
      keys.enqueue(ObjectKey.of(current));
    }

    @Override
    public void deleted(
        ObjectKey key, @Nullable HasMetadata last, boolean finalStateUnknown, Keys keys) {
      keys.enqueue(key);
    }
  }

  /** See {@link #to}. Immutable. */
  private static final class KeysOf<T> implements EventMapper<T> {

    private final Function<? super T, ? extends Collection<ObjectKey>> keysOf;

    private KeysOf(Function<? super T, ? extends Collection<ObjectKey>> keysOf) {
      this.keysOf = keysOf;
    }

    @Override
    public void added(T object, boolean initial, Keys keys) {
      keysOf.apply(object).forEach(keys::enqueue);
    }

    @Override
    public void updated(T old, T current, Keys keys) {
      Collection<ObjectKey> now = keysOf.apply(current);
      now.forEach(keys::enqueue);
      if (old != current) {
        keysOf.apply(old).stream().filter(key -> !now.contains(key)).forEach(keys::enqueue);
      }
    }

    @Override
    public void deleted(ObjectKey key, @Nullable T last, boolean finalStateUnknown, Keys keys) {
      if (last != null) {
        keysOf.apply(last).forEach(keys::enqueue);
      }
    }
  }

  /** See {@link #ownerExpecting}. Immutable. */
  private static final class ExpectingOwner implements EventMapper<HasMetadata> {

    private final ResourceType<?> type;
    private final EventMapper<HasMetadata> waking;

    private ExpectingOwner(ResourceType<?> type) {
      this.type = type;
      this.waking = owner(type);
    }

    @Override
    public void added(HasMetadata object, boolean initial, Keys keys) {
      for (ObjectKey owner : controllerKey(object, type)) {
        if (isTerminating(object)) {
          keys.expectations().deletionObserved(owner, ObjectKey.of(object));
        } else {
          keys.expectations().creationObserved(owner);
        }
      }
      waking.added(object, initial, keys);
    }

    @Override
    public void updated(HasMetadata old, HasMetadata current, Keys keys) {
      if (!Objects.equals(old.getMetadata().getUid(), current.getMetadata().getUid())) {
        // The informer missed a deletion and a creation of the same name in between.
        deletionObserved(old, keys);
        added(current, false, keys);
      } else if (isTerminating(current)) {
        deletionObserved(current, keys);
      }
      waking.updated(old, current, keys);
    }

    @Override
    public void deleted(
        ObjectKey key, @Nullable HasMetadata last, boolean finalStateUnknown, Keys keys) {
      if (last != null) {
        deletionObserved(last, keys);
      }
      waking.deleted(key, last, finalStateUnknown, keys);
    }

    private void deletionObserved(HasMetadata object, Keys keys) {
      for (ObjectKey owner : controllerKey(object, type)) {
        keys.expectations().deletionObserved(owner, ObjectKey.of(object));
      }
    }

    private static boolean isTerminating(HasMetadata object) {
      return object.getMetadata().getDeletionTimestamp() != null;
    }
  }
}
