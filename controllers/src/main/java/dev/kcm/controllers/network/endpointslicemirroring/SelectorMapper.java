package dev.kcm.controllers.network.endpointslicemirroring;

import dev.kcm.controllers.shared.services.Selectors;
import dev.kcm.core.loop.EventMapper;
import dev.kcm.core.loop.Keys;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.Service;
import org.jspecify.annotations.Nullable;

/**
 * Events of Services: those without selector wake their Endpoints when they come or go, and so do
 * those that get a selector or lose it.
 *
 * <p>Immutable.
 */
final class SelectorMapper implements EventMapper<Service> {

  @Override
  public void added(Service service, boolean initial, Keys keys) {
    if (!selects(service)) {
      keys.enqueue(ObjectKey.of(service));
    }
  }

  @Override
  public void updated(Service old, Service current, Keys keys) {
    if (selects(old) != selects(current)) {
      keys.enqueue(ObjectKey.of(current));
    }
  }

  @Override
  public void deleted(ObjectKey key, @Nullable Service last, boolean finalStateUnknown, Keys keys) {
    if (last == null || !selects(last)) {
      keys.enqueue(key);
    }
  }

  private static boolean selects(Service service) {
    return !Selectors.of(service).isEmpty();
  }
}
