package dev.kcm.controllers.network.endpointslice;

import dev.kcm.core.loop.EventMapper;
import dev.kcm.core.loop.Keys;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.Service;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Events of Services: every one wakes the Service, resyncs included; one that is gone takes its
 * expectations and its numbers with it.
 *
 * <p>Immutable.
 */
final class ServiceMapper implements EventMapper<Service> {

  private final Consumer<ObjectKey> forget;

  /**
   * A mapper.
   *
   * @param forget told of Services that are gone
   */
  ServiceMapper(Consumer<ObjectKey> forget) {
    this.forget = forget;
  }

  @Override
  public void added(Service service, boolean initial, Keys keys) {
    keys.enqueue(ObjectKey.of(service));
  }

  @Override
  public void updated(Service old, Service current, Keys keys) {
    if (!Objects.equals(old.getMetadata().getUid(), current.getMetadata().getUid())) {
      deleted(ObjectKey.of(old), old, false, keys);
    }
    keys.enqueue(ObjectKey.of(current));
  }

  @Override
  public void deleted(ObjectKey key, @Nullable Service last, boolean finalStateUnknown, Keys keys) {
    keys.expectations().forget(key);
    forget.accept(key);
    keys.enqueue(key);
  }
}
