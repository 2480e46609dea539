package dev.kcm.controllers.shared.services;

import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.core.loop.EventMapper;
import dev.kcm.core.loop.Keys;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Events of pods: they wake the Services that select the pod, or selected it before, when something
 * changed that stands in endpoints.
 *
 * <p>Thread-safe: it only reads a lister.
 */
public final class ServicePodMapper implements EventMapper<Pod> {

  private final SelectingServices services;
  private final Duration batchPeriod;

  /**
   * A mapper.
   *
   * @param batchPeriod how long a key waits, so that several changes become one write; zero for
   *     none
   */
  public ServicePodMapper(SelectingServices services, Duration batchPeriod) {
    this.services = services;
    this.batchPeriod = batchPeriod;
  }

  @Override
  public void added(Pod pod, boolean initial, Keys keys) {
    wake(services.of(pod), keys);
  }

  @Override
  public void updated(Pod old, Pod current, Keys keys) {
    if (Objects.equals(
        old.getMetadata().getResourceVersion(), current.getMetadata().getResourceVersion())) {
      return;
    }
    boolean podChanged = podChanged(old, current);
    if (!labelsChanged(old, current)) {
      wake(podChanged ? services.of(current) : Set.of(), keys);
      return;
    }
    Set<ObjectKey> before = services.of(old);
    Set<ObjectKey> after = services.of(current);
    Set<ObjectKey> woken = new HashSet<>(before);
    woken.addAll(after);
    if (!podChanged && !nameChanged(old, current)) {
      woken.removeIf(key -> before.contains(key) && after.contains(key));
    }
    wake(woken, keys);
  }

  @Override
  public void deleted(ObjectKey key, @Nullable Pod last, boolean finalStateUnknown, Keys keys) {
    if (last != null) {
      wake(services.of(last), keys);
    }
  }

  private void wake(Set<ObjectKey> woken, Keys keys) {
    for (ObjectKey key : woken) {
      if (batchPeriod.isZero()) {
        keys.enqueue(key);
      } else {
        keys.enqueueAfter(key, batchPeriod);
      }
    }
  }

  private static boolean podChanged(Pod old, Pod current) {
    return !Objects.equals(
            old.getMetadata().getDeletionTimestamp(), current.getMetadata().getDeletionTimestamp())
        || !Objects.equals(old.getMetadata().getUid(), current.getMetadata().getUid())
        || PodStates.isReady(old) != PodStates.isReady(current)
        || PodStates.isTerminal(old) != PodStates.isTerminal(current)
        || !addresses(old).equals(addresses(current));
  }

  private static boolean labelsChanged(Pod old, Pod current) {
    return !Selectors.labels(old).equals(Selectors.labels(current)) || nameChanged(old, current);
  }

  private static boolean nameChanged(Pod old, Pod current) {
    return !sameText(old, current, PodSpec::getHostname)
        || !sameText(old, current, PodSpec::getSubdomain);
  }

  private static boolean sameText(Pod old, Pod current, Function<PodSpec, @Nullable String> field) {
    return text(old, field).equals(text(current, field));
  }

  private static String text(Pod pod, Function<PodSpec, @Nullable String> field) {
    String value = pod.getSpec() == null ? null : field.apply(pod.getSpec());
    return value == null ? "" : value;
  }

  private static List<?> addresses(Pod pod) {
    PodStatus status = pod.getStatus();
    return status == null || status.getPodIPs() == null ? List.of() : status.getPodIPs();
  }
}
