package dev.kcm.controllers.shared.slices;

import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What tells endpoints apart.
 *
 * @param addresses sorted
 * @param hostname empty when there is none
 * @param target namespace and name of what it refers to; empty when it refers to nothing
 */
public record EndpointIdentity(List<String> addresses, String hostname, String target) {

  /** The identity of an endpoint. */
  public static EndpointIdentity of(Endpoint endpoint) {
    ObjectReference target = endpoint.getTargetRef();
    return new EndpointIdentity(
        endpoint.getAddresses().stream().sorted().toList(),
        endpoint.getHostname() == null ? "" : endpoint.getHostname(),
        target == null ? "" : target.getNamespace() + "/" + target.getName());
  }

  /**
   * Whether two endpoints of one identity say the same. Hints do not count, nor does the version in
   * the target reference; a condition that is not given is not one that is false.
   */
  public static boolean sameBeyond(Endpoint one, Endpoint other) {
    return Objects.equals(one.getNodeName(), other.getNodeName())
        && Objects.equals(one.getZone(), other.getZone())
        && sameConditions(one.getConditions(), other.getConditions())
        && Objects.equals(uid(one), uid(other));
  }

  private static boolean sameConditions(
      @Nullable EndpointConditions one, @Nullable EndpointConditions other) {
    if (one == null || other == null) {
      return one == null && other == null;
    }
    return Objects.equals(one.getReady(), other.getReady())
        && Objects.equals(one.getServing(), other.getServing())
        && Objects.equals(one.getTerminating(), other.getTerminating());
  }

  private static @Nullable String uid(Endpoint endpoint) {
    return endpoint.getTargetRef() == null ? null : endpoint.getTargetRef().getUid();
  }
}
