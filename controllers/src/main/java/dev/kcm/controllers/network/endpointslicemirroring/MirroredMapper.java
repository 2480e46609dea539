package dev.kcm.controllers.network.endpointslicemirroring;

import dev.kcm.core.loop.EventMapper;
import dev.kcm.core.loop.Keys;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.Endpoints;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Events of Endpoints: those that are mirrored, or were before the change, wake themselves.
 *
 * <p>Immutable.
 */
final class MirroredMapper implements EventMapper<Endpoints> {

  private final Consumer<ObjectKey> forget;

  /**
   * A mapper.
   *
   * @param forget told of Endpoints that are gone
   */
  MirroredMapper(Consumer<ObjectKey> forget) {
    this.forget = forget;
  }

  @Override
  public void added(Endpoints endpoints, boolean initial, Keys keys) {
    if (Mirrorable.is(endpoints)) {
      keys.enqueue(ObjectKey.of(endpoints));
    }
  }

  @Override
  public void updated(Endpoints old, Endpoints current, Keys keys) {
    if (Mirrorable.is(old) || Mirrorable.is(current)) {
      keys.enqueue(ObjectKey.of(current));
    }
  }

  @Override
  public void deleted(
      ObjectKey key, @Nullable Endpoints last, boolean finalStateUnknown, Keys keys) {
    forget.accept(key);
    if (last == null || Mirrorable.is(last)) {
      keys.enqueue(key);
    }
  }
}
