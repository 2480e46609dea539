package dev.kcm.controllers.network.endpointslice;

import dev.kcm.core.plan.Action.Severity;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointHints;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointHintsBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.ForNode;
import io.fabric8.kubernetes.api.model.discovery.v1.ForZone;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Tells proxies which endpoints to use: by the capacity of zones, where the Service asks for it by
 * annotation; else by its traffic distribution; else not at all.
 *
 * <p>Immutable.
 */
final class Hints {

  static final String ENABLED = "TopologyAwareHintsEnabled";
  static final String DISABLED = "TopologyAwareHintsDisabled";

  private Hints() {}

  /**
   * What became of hints.
   *
   * @param auto whether they follow the capacity of zones
   * @param distribution the traffic distribution they follow; empty for none
   * @param news what users should hear of it; null for nothing
   */
  record Result(boolean auto, String distribution, @Nullable News news) {}

  /** An event. */
  record News(Severity severity, String reason, String message) {}

  /** Sets the hints of what is written, and adds slices that have to be because of their hints. */
  static Result apply(
      EndpointSliceSnapshot snapshot,
      String addressType,
      List<EndpointSlice> existing,
      TypeChanges changes) {
    boolean hadHints =
        existing.stream().flatMap(s -> s.getEndpoints().stream()).anyMatch(Hints::isHinted);
    if (TopologyMode.isAuto(snapshot.service())) {
      Optional<String> problem = ZoneAllocation.apply(snapshot.zones(), changes);
      problem.ifPresent(why -> setAll(changes, endpoint -> null));
      return new Result(true, "", autoNews(problem, hadHints, addressType));
    }
    String distribution = distribution(snapshot);
    if (!distribution.isEmpty()) {
      boolean byNode = distribution.equals("PreferSameNode");
      setAll(changes, endpoint -> preferred(endpoint, byNode));
      return new Result(false, distribution, null);
    }
    setAll(changes, endpoint -> null);
    News disabled =
        hadHints
            ? new News(
                Severity.WARNING,
                DISABLED,
                "Topology Aware Hints has been disabled, addressType: " + addressType)
            : null;
    return new Result(false, "", disabled);
  }

  private static @Nullable News autoNews(
      Optional<String> problem, boolean hadHints, String addressType) {
    String suffix = ", addressType: " + addressType;
    if (problem.isPresent()) {
      return new News(Severity.WARNING, DISABLED, problem.get() + suffix);
    }
    return hadHints
        ? null
        : new News(Severity.NORMAL, ENABLED, "Topology Aware Hints has been enabled" + suffix);
  }

  private static String distribution(EndpointSliceSnapshot snapshot) {
    String wanted = snapshot.service().getSpec().getTrafficDistribution();
    if ("PreferClose".equals(wanted)) {
      return wanted;
    }
    boolean same = "PreferSameZone".equals(wanted) || "PreferSameNode".equals(wanted);
    return wanted != null && same && snapshot.settings().preferSame() ? wanted : "";
  }

  static boolean isReady(Endpoint endpoint) {
    return endpoint.getConditions() == null
        || !Boolean.FALSE.equals(endpoint.getConditions().getReady());
  }

  private static boolean isHinted(Endpoint endpoint) {
    return endpoint.getHints() != null;
  }

  private static @Nullable EndpointHints preferred(Endpoint endpoint, boolean byNode) {
    if (!isReady(endpoint)) {
      return endpoint.getHints();
    }
    EndpointHintsBuilder hints = new EndpointHintsBuilder();
    boolean any = false;
    if (endpoint.getZone() != null) {
      hints = hints.withForZones(new ForZone(endpoint.getZone()));
      any = true;
    }
    if (byNode && endpoint.getNodeName() != null) {
      hints = hints.withForNodes(new ForNode(endpoint.getNodeName()));
      any = true;
    }
    return any ? hints.build() : null;
  }

  /** Hints of one zone. */
  static EndpointHints forZone(String zone) {
    return new EndpointHintsBuilder().withForZones(new ForZone(zone)).build();
  }

  /** An endpoint with other hints. */
  static Endpoint with(Endpoint endpoint, @Nullable EndpointHints hints) {
    return new EndpointBuilder(endpoint).withHints(hints).build();
  }

  /** A function from an endpoint to the hints it should have. */
  private interface HintsOf {
    @Nullable EndpointHints of(Endpoint endpoint);
  }

  private static void setAll(TypeChanges changes, HintsOf hints) {
    UnaryOperator<EndpointSlice> hinted = slice -> hinted(slice, hints);
    changes.create.replaceAll(hinted);
    changes.update.replaceAll(hinted);
    List<EndpointSlice> outdated = new ArrayList<>();
    Iterator<EndpointSlice> unchanged = changes.unchanged.iterator();
    while (unchanged.hasNext()) {
      EndpointSlice slice = unchanged.next();
      if (slice.getEndpoints().stream().anyMatch(e -> !Objects.equals(e.getHints(), hints.of(e)))) {
        unchanged.remove();
        outdated.add(hinted(slice, hints));
      }
    }
    changes.update.addAll(outdated);
  }

  private static EndpointSlice hinted(EndpointSlice slice, HintsOf hints) {
    return new EndpointSliceBuilder(slice)
        .withEndpoints(slice.getEndpoints().stream().map(e -> with(e, hints.of(e))).toList())
        .build();
  }
}
