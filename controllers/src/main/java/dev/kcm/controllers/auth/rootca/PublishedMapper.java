package dev.kcm.controllers.auth.rootca;

import dev.kcm.core.loop.EventMapper;
import dev.kcm.core.loop.Keys;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.ConfigMap;
import org.jspecify.annotations.Nullable;

/**
 * A published ConfigMap that changes or is gone wakes its namespace.
 *
 * <p>Immutable.
 */
final class PublishedMapper implements EventMapper<ConfigMap> {

  @Override
  public void added(ConfigMap map, boolean initial, Keys keys) {}

  @Override
  public void updated(ConfigMap old, ConfigMap current, Keys keys) {
    wake(ObjectKey.of(current), keys);
  }

  @Override
  public void deleted(
      ObjectKey key, @Nullable ConfigMap last, boolean finalStateUnknown, Keys keys) {
    wake(key, keys);
  }

  private static void wake(ObjectKey map, Keys keys) {
    if (map.name().equals(RootCaSnapshot.CONFIG_MAP)) {
      keys.enqueue(new ObjectKey("", map.namespace()));
    }
  }
}
