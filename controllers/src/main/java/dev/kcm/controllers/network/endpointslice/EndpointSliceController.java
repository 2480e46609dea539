package dev.kcm.controllers.network.endpointslice;

import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.controllers.shared.objects.PluginAccess;
import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.controllers.shared.services.SelectingServices;
import dev.kcm.controllers.shared.services.ServicePodMapper;
import dev.kcm.controllers.shared.services.ServicePods;
import dev.kcm.controllers.shared.slices.ManagedSlices;
import dev.kcm.controllers.shared.slices.SliceMapper;
import dev.kcm.core.access.Access;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.loop.Loop;
import dev.kcm.core.manager.ControllerContext;
import dev.kcm.core.manager.ControllerSpec;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.queue.RateLimiter;
import dev.kcm.core.queue.RateLimiters;
import dev.kcm.core.time.Environment;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.time.Duration;
import java.util.List;

/**
 * The EndpointSlice controller: names and wiring.
 *
 * <p>Immutable.
 */
public final class EndpointSliceController {

  /** Canonical name. */
  public static final String NAME = "endpointslice-controller";

  /** Value of the label on each slice this controller writes. */
  static final String MANAGER = "endpointslice-controller.k8s.io";

  /** Source of events; older than the canonical name, and kept. */
  private static final String COMPONENT = "endpoint-slice-controller";

  private static final String PREFER_SAME = "PreferSameTrafficDistribution";

  /** A change of slices is looked at no sooner. */
  private static final Duration SLICE_DELAY = Duration.ofSeconds(1);

  /** After so many, upstream waits for the next event. */
  private static final int MAX_RETRIES = 15;

  private EndpointSliceController() {}

  /** The controller with the given tunables. */
  public static ControllerSpec spec(EndpointSliceConfig config) {
    return ControllerSpec.named(NAME)
        .alias("endpointslice")
        .client(NAME)
        .access(
            Access.to(Kinds.SERVICES).watch("what is wanted"),
            PluginAccess.blockDeletionOf(Kinds.SERVICES),
            Access.to(PodStates.TYPE).watch("addresses, readiness, labels"),
            Access.to(Kinds.NODES).watch("zones, and their share of CPU"),
            Access.to(Kinds.ENDPOINT_SLICES)
                .watch("what is written down")
                .with("writing it", "create", "update", "delete"),
            PluginAccess.anyAddressIn(Kinds.ENDPOINT_SLICES),
            Access.toRecordEvents())
        .wiredBy(context -> List.of(loop(context, config)));
  }

  private static Loop<EndpointSliceSnapshot> loop(
      ControllerContext context, EndpointSliceConfig config) {
    Informer<Service> services = context.informer(Kinds.SERVICES);
    Informer<Pod> pods = context.informer(PodStates.TYPE);
    Informer<Node> nodes = context.informer(Kinds.NODES);
    Informer<EndpointSlice> slices = context.informer(Kinds.ENDPOINT_SLICES);
    EndpointSliceMetrics metrics = EndpointSliceMetrics.in(context.meters());
    context.atStop(metrics::close);
    ZoneCapacity zones = new ZoneCapacity(nodes.lister());
    Duration batch = config.updatesBatchPeriod();
    return Loop.<EndpointSliceSnapshot>named("endpoint_slice")
        .component(COMPONENT)
        .on(services, new ServiceMapper(metrics::forget))
        .on(pods, new ServicePodMapper(SelectingServices.in(services), batch))
        .on(
            slices,
            new SliceMapper(MANAGER, SLICE_DELAY.compareTo(batch) > 0 ? SLICE_DELAY : batch))
        .on(nodes, NodeMapper.of(services, zones))
        .reading(
            new EndpointSliceReader(
                new EndpointSliceReader.Settings(
                    config.maxEndpointsPerSlice(), context.enabled(PREFER_SAME)),
                services.lister(),
                ServicePods.in(pods),
                ManagedSlices.of(MANAGER, slices),
                nodes.lister(),
                zones))
        .deciding(new EndpointSliceReconciler())
        .measuring(metrics)
        .limiter(() -> limiter(context.environment()))
        .workers(config.concurrentSyncs())
        .maxRetries(MAX_RETRIES)
        .build();
  }

  private static RateLimiter<ObjectKey> limiter(Environment environment) {
    return RateLimiters.maxOf(
        List.of(
            RateLimiters.<ObjectKey>exponential(Duration.ofSeconds(1), RateLimiters.DEFAULT_MAX),
            RateLimiters.<ObjectKey>bucket(
                environment.ticker(),
                RateLimiters.CONTROLLER_RATE,
                RateLimiters.CONTROLLER_BURST)));
  }
}
