package dev.kcm.controllers.network.endpoints;

import dev.kcm.core.loop.EventMapper;
import dev.kcm.core.loop.Keys;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Events of Endpoints: what is gone wakes its Service, and so does a change of those this
 * controller wrote. At a start all are looked at, since their Service may have gone while nobody
 * watched; except those that are locks of a leader election.
 *
 * <p>Those of others are left alone later on: users may make Endpoints before their Service.
 *
 * <p>Immutable.
 */
final class EndpointsMapper implements EventMapper<Endpoints> {

  private static final String LEADER = "control-plane.alpha.kubernetes.io/leader";

  @Override
  public void added(Endpoints endpoints, boolean initial, Keys keys) {
    if (initial ? !isLock(endpoints) : isOurs(endpoints)) {
      keys.enqueue(ObjectKey.of(endpoints));
    }
  }

  @Override
  public void updated(Endpoints old, Endpoints current, Keys keys) {
    boolean changed =
        !Objects.equals(
            old.getMetadata().getResourceVersion(), current.getMetadata().getResourceVersion());
    if (changed && (isOurs(old) || isOurs(current))) {
      keys.enqueue(ObjectKey.of(current));
    }
  }

  @Override
  public void deleted(
      ObjectKey key, @Nullable Endpoints last, boolean finalStateUnknown, Keys keys) {
    keys.enqueue(key);
  }

  private static boolean isLock(HasMetadata endpoints) {
    Map<String, String> annotations = endpoints.getMetadata().getAnnotations();
    return annotations != null && annotations.containsKey(LEADER);
  }

  private static boolean isOurs(HasMetadata endpoints) {
    Map<String, String> labels = endpoints.getMetadata().getLabels();
    return labels != null && EndpointsLabels.MANAGER.equals(labels.get(EndpointsLabels.MANAGED_BY));
  }
}
